//! `palmares link`: the linker alone, over records from anywhere.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use palmares::link::{
    Bodies, Clusters, Column, Decisions, LinkDetail, LinkOptions, LinkType, Mapping, Source, Table,
    Whole, cluster_records, describe, each_candidate,
};
use palmares::message;
use palmares::message::{Message, decimal, list, of_system};
use palmares::model::laureate::{Decision, LinkRecord};
use palmares::model::threshold::AtThreshold;
use palmares::word;
use serde::Serialize;
use serde_json::json;

use super::output::Output;
use super::register::{MATCHES, Register};
use super::report::aligned;
use super::{Because, CLEAN, Format, Global, Usage, terminal};

/// Link records from CSV or NDJSON: which are one organisation, which are one laureate.
///
/// Columns are recognised by their names (name, nom, project, projet, territory, …) or named with --map. Writes laureates.ndjson, one line per
/// laureate with its sources, and links.ndjson, one line per pair considered with its weights.
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  palmares link extracted/mentions.ndjson -o linked\n  palmares link laureats.csv --map name=Structure --map territory=Commune -o linked\n  palmares link 2023.csv 2024.csv --link-type link --links decided -o linked\n  palmares link laureats.csv --uncertain 20\n  palmares link laureats.csv --candidates-only | palmares score"
)]
pub(crate) struct Args {
    /// Files of records; `-` is standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Folder to write into
    #[arg(short, long, value_name = "DIR", default_value = "linked")]
    output: PathBuf,
    /// Read a field from a column: id, name, project, territory, seat, department, region, public, partners, description, links, contacts, call, year
    #[arg(long, value_name = "FIELD=COLUMN", value_parser = parse_map)]
    map: Vec<(Column, String)>,
    /// Separator of a CSV's cells [default: found out]
    #[arg(long, value_name = "CHARACTER", value_parser = parse_delimiter)]
    delimiter: Option<u8>,
    /// Column that says which list a record is an entry of: two entries of one list are two laureates
    #[arg(long, value_name = "COLUMN")]
    list_column: Option<String>,
    /// Which pairs may be one
    #[arg(long, value_enum, default_value_t)]
    link_type: TypeChoice,
    /// Probability from which two records are one organisation
    #[arg(long, value_name = "P", default_value_t = 0.5)]
    threshold: f64,
    /// Which pairs links.ndjson accounts for
    #[arg(long, value_enum, default_value_t)]
    links: DetailChoice,
    /// Also link the organisations that others name as their partners, in links.ndjson
    #[arg(long)]
    partners: bool,
    /// A register of organisations (CSV, NDJSON, Parquet), such as an extract of SIRENE or RNA: who in it each organisation may be goes into organisations.ndjson, with score and reasons
    #[arg(long, value_name = "FILE", conflicts_with_all = ["uncertain", "candidates_only"])]
    organisations: Option<PathBuf>,
    /// Two records that are one laureate, by id
    #[arg(long, value_name = "ID,ID", value_parser = parse_pair)]
    together: Vec<(String, String)>,
    /// Two records that are two laureates, by id
    #[arg(long, value_name = "ID,ID", value_parser = parse_pair)]
    apart: Vec<(String, String)>,
    /// Write what all records together tell into a file, for `palmares keys`, `score` and `merge`, and link nothing; the records are one file of NDJSON
    #[arg(long, value_name = "FILE", conflicts_with_all = ["map", "delimiter", "list_column", "link_type", "links", "partners", "organisations", "together", "apart", "uncertain", "thresholds", "candidates_only"])]
    statistics: Option<PathBuf>,
    /// Print the pairs most worth a look, and write nothing
    #[arg(long, value_name = "N", num_args = 0..=1, default_missing_value = "20")]
    uncertain: Option<usize>,
    /// Print what other thresholds would give, and write nothing: pairs, organisations, and the precision and recall that the pairs' own probabilities let expect
    #[arg(long, conflicts_with_all = ["uncertain", "organisations"])]
    thresholds: bool,
    /// Print the pairs worth comparing as NDJSON, unscored, and write nothing
    #[arg(long, conflicts_with_all = ["uncertain", "thresholds"])]
    candidates_only: bool,
}

#[derive(Clone, Copy, Debug, Default, clap::ValueEnum)]
enum TypeChoice {
    /// Records of one file
    Dedupe,
    /// Records of different files, at most one of each
    Link,
    /// Any
    #[default]
    Both,
}

#[derive(Clone, Copy, Debug, Default, clap::ValueEnum)]
enum DetailChoice {
    /// Every pair above a floor
    #[default]
    All,
    /// Linked pairs
    Decided,
    /// No file
    None,
}

fn parse_map(text: &str) -> Result<(Column, String), Message> {
    let (field, column) = text
        .split_once('=')
        .ok_or_else(|| message!("write FIELD=COLUMN, for example `name=Structure`"))?;
    let known = Column::ALL
        .into_iter()
        .find(|known| known.as_str() == field.trim());
    let known = known.ok_or_else(|| {
        let fields: Vec<&str> = Column::ALL.iter().map(|column| column.as_str()).collect();
        message!(
            "no field `{field}`; there are {fields}",
            field,
            fields = fields.join(", ")
        )
    })?;
    Ok((known, column.trim().to_owned()))
}

fn parse_delimiter(text: &str) -> Result<u8, Message> {
    match text.as_bytes() {
        b"\\t" => Ok(b'\t'),
        [byte] => Ok(*byte),
        _ => Err(message!("one character, or `\\t`")),
    }
}

fn parse_pair(text: &str) -> Result<(String, String), Message> {
    let (a, b) = text
        .split_once(',')
        .ok_or_else(|| message!("two ids, with a comma between"))?;
    Ok((a.trim().to_owned(), b.trim().to_owned()))
}

/// Says that not all of some records was compared.
pub(crate) fn tell_cut(records: usize, global: &Global) {
    if records > 0 {
        global.warning(message!("{records} {records|record has|records have} a name, a title or a call of hundreds of words, of which only the first were compared", records));
    }
}

pub(crate) fn run(args: &Args, global: &Global) -> anyhow::Result<ExitCode> {
    let table = read(args)?;
    tell_columns(&table, global);
    let options = args.options();
    ensure_known(&table, &options.decisions)?;
    if let Some(statistics) = &args.statistics {
        write_statistics(args, &table, &options, statistics)?;
        return Ok(ExitCode::from(CLEAN));
    }
    if args.candidates_only {
        let mut out = terminal::stdout();
        each_candidate(&table, &options, |candidate| {
            serde_json::to_writer(&mut out, &candidate)?;
            out.write_all(b"\n")
        })?;
        out.flush()?;
        return Ok(ExitCode::from(CLEAN));
    }
    let clusters = cluster_records(&table, &options);
    tell_cut(clusters.cut(), global);
    if let Some(count) = args.uncertain {
        print_uncertain(&clusters, &table, &options, count, global)?;
        return Ok(ExitCode::from(CLEAN));
    }
    if args.thresholds {
        print_thresholds(clusters.thresholds(), global)?;
        return Ok(ExitCode::from(CLEAN));
    }
    write(args, &clusters, &table, &options, global)?;
    Ok(ExitCode::from(CLEAN))
}

impl Args {
    fn options(&self) -> LinkOptions {
        LinkOptions {
            link_type: match self.link_type {
                TypeChoice::Dedupe => LinkType::Dedupe,
                TypeChoice::Link => LinkType::Link,
                TypeChoice::Both => LinkType::Both,
            },
            threshold: self.threshold,
            detail: match self.links {
                _ if self.uncertain.is_some() || self.thresholds => LinkDetail::All,
                DetailChoice::All => LinkDetail::All,
                DetailChoice::Decided => LinkDetail::Decided,
                DetailChoice::None => LinkDetail::None,
            },
            partners: self.partners,
            thresholds: self.thresholds,
            decisions: Decisions {
                must_link: self.together.clone(),
                cannot_link: self.apart.clone(),
            },
            ..LinkOptions::default()
        }
    }
}

fn read(args: &Args) -> anyhow::Result<Table> {
    let mut named = args.map.clone();
    named.extend(
        args.list_column
            .iter()
            .map(|column| (Column::List, column.clone())),
    );
    let mapping = Mapping {
        named,
        delimiter: args.delimiter,
    };
    let mut table = Table::default();
    for path in &args.files {
        add(&mut table, path, &mapping)?;
    }
    table.finish().map_err(|error| {
        Usage::new(
            error.told(),
            message!("name the column of the ids with `--map id=COLUMN`"),
        )
    })?;
    Ok(table)
}

/// Says what was read from which column, file by file: a column that was taken for another shows here.
fn tell_columns(table: &Table, global: &Global) {
    let mut files: BTreeMap<&str, Vec<Message>> = BTreeMap::new();
    for (file, field, column) in table.columns() {
        let read = message!("{field} from `{column}`", field = field.as_str(), column);
        files.entry(file).or_default().push(read);
    }
    for (file, read) in files {
        global.note(&message!("{file}: {read}", file, read = list(read, ", ")));
    }
}

/// A decision about a record that is not there would do nothing.
fn ensure_known(table: &Table, decisions: &Decisions) -> anyhow::Result<()> {
    let decided: BTreeSet<&str> = decisions
        .must_link
        .iter()
        .chain(&decisions.cannot_link)
        .flat_map(|(a, b)| [a.as_str(), b.as_str()])
        .collect();
    let mut unknown = decided.clone();
    let ids = || (0..table.len()).map(|index| Source::id(table, index));
    for id in ids() {
        unknown.remove(&*id);
    }
    let Some(first) = unknown.first() else {
        return Ok(());
    };
    let nearest = ids().min_by_key(|id| {
        (
            rapidfuzz::distance::osa::distance(first.chars(), id.chars()),
            id.clone(),
        )
    });
    let listed: Vec<String> = unknown.iter().map(|id| format!("`{id}`")).collect();
    let message = match listed.as_slice() {
        [one] => message!("no record has the id {one}", one),
        listed => message!("no records have the ids {ids}", ids = listed.join(", ")),
    };
    let hint = match nearest {
        Some(nearest) => {
            message!(
                "the id nearest to `{first}` is `{nearest}`; `palmares link --uncertain` and links.ndjson show ids",
                first = *first,
                nearest = nearest.into_owned()
            )
        }
        None => message!("there are no records"),
    };
    Err(Usage::new(message, hint).into())
}

fn add(table: &mut Table, path: &Path, mapping: &Mapping) -> anyhow::Result<()> {
    let shown = path.to_string_lossy();
    let bytes = if shown == "-" {
        let mut bytes = Vec::new();
        std::io::stdin()
            .lock()
            .read_to_end(&mut bytes)
            .because(|| message!("cannot read standard input"))?;
        bytes
    } else {
        fs::read(path).map_err(|error| {
            Usage::new(
                message!(
                    "cannot read `{shown}`: {error}",
                    shown = shown.as_ref(),
                    error = of_system(&error)
                ),
                message!("give a file of records, CSV or NDJSON"),
            )
        })?
    };
    table.add(&shown, bytes, mapping).map_err(|error| {
        Usage::new(
            message!(
                "cannot read `{shown}`: {error}",
                shown = shown.as_ref(),
                error = error.told()
            ),
            message!(
                "name the columns with `--map FIELD=COLUMN`, for example `--map name=Structure`"
            ),
        )
        .into()
    })
}

fn write(
    args: &Args,
    clusters: &Clusters,
    table: &Table,
    options: &LinkOptions,
    global: &Global,
) -> anyhow::Result<()> {
    let register = args.organisations.as_deref().map(Register::read);
    let matches = register
        .transpose()?
        .map(|register| {
            let mut bodies = Bodies::default();
            clusters.each_laureate(table, |laureate| laureate, |laureate| bodies.add(&laureate));
            register.look_up(&bodies, options.threshold, &args.output, global)
        })
        .transpose()?;
    let output = Output::create(&args.output, &["laureates.ndjson", "links.ndjson", MATCHES])?;
    let mut laureates = 0_usize;
    output.write("laureates.ndjson", |out| {
        let mut result = Ok(());
        clusters.each_laureate(
            table,
            |laureate| line(&laureate),
            |line| {
                laureates += 1;
                if result.is_ok() {
                    result = line.and_then(|line| out.write_all(&line));
                }
            },
        );
        result
    })?;
    if options.detail != LinkDetail::None {
        output.write("links.ndjson", |out| {
            let mut result = Ok(());
            clusters.each_link(
                table,
                options,
                |link| line(&link),
                |line| {
                    if result.is_ok() {
                        result = line.and_then(|line| out.write_all(&line));
                    }
                },
            );
            result
        })?;
    }
    if let Some(matches) = &matches {
        output.write(MATCHES, |out| {
            matches
                .iter()
                .try_for_each(|found| out.write_all(&line(found)?))
        })?;
    }
    output.commit()?;
    let (records, organisations, compared) =
        (table.len(), clusters.n_organisations(), clusters.compared());
    if global.format == Format::Json {
        let account = json!({ "records": records, "laureates": laureates, "organisations": organisations, "compared": compared, "output": args.output.to_string_lossy() });
        return global.print(&account.to_string());
    }
    global.note(&message!(
        "{records} {records|record|records}, {laureates} {laureates|laureate|laureates} of {organisations} {organisations|organisation|organisations}, {compared} {compared|pair|pairs} compared: {output}",
        records,
        laureates,
        organisations,
        compared,
        output = args.output.display(),
    ));
    Ok(())
}

/// Writes what all records together tell.
fn write_statistics(
    args: &Args,
    table: &Table,
    options: &LinkOptions,
    path: &Path,
) -> anyhow::Result<()> {
    let ([file], None) = (args.files.as_slice(), table.columns().next()) else {
        return Err(Usage::new(
            message!("statistics are of one file of NDJSON"),
            message!(
                "bring the records into one file, a line each, as `palmares extract` prints them"
            ),
        )
        .into());
    };
    let whole = Whole::of(table, &file.to_string_lossy(), options);
    super::file::write(path, |out| out.write_all(&line(&whole)?)).because(|| {
        Usage::new(
            message!("cannot write `{file}`", file = path.display()),
            message!("name another file with `--statistics FILE`"),
        )
    })?;
    Ok(())
}

/// A record as a line of JSON.
fn line(record: &impl Serialize) -> io::Result<Vec<u8>> {
    // Most are no longer: nothing is moved while the line grows.
    let mut line = Vec::with_capacity(1024);
    serde_json::to_writer(&mut line, record)?;
    line.push(b'\n');
    Ok(line)
}

/// The pairs whose probability is nearest to even, or which the groups overruled.
fn print_uncertain(
    clusters: &Clusters,
    table: &Table,
    options: &LinkOptions,
    count: usize,
    global: &Global,
) -> anyhow::Result<()> {
    let links = clusters.uncertain(table, options, count);
    let mut out = terminal::stdout();
    let names: BTreeMap<String, String> = links
        .iter()
        .flat_map(|link| [&link.a, &link.b])
        .filter_map(|id| Some((id.clone(), shown(clusters, table, id)?)))
        .collect();
    for link in &links {
        match global.format {
            Format::Json => {
                serde_json::to_writer(&mut out, link)?;
                out.write_all(b"\n")?;
            }
            Format::Text => {
                let name = |id: &str| names.get(id).map_or("", String::as_str);
                writeln!(
                    out,
                    "{:>4.0} %  {}  {}\n        {}  {}\n        {}",
                    chance(link) * 100.0,
                    link.a,
                    name(&link.a),
                    link.b,
                    name(&link.b),
                    global.voice.language.translated(verdict(link)),
                )?;
            }
        }
    }
    out.flush()?;
    Ok(())
}

/// A line for each threshold, that in use marked.
fn print_thresholds(thresholds: &[AtThreshold], global: &Global) -> anyhow::Result<()> {
    if global.format == Format::Json {
        let mut out = terminal::stdout();
        for at in thresholds {
            out.write_all(&line(at)?)?;
        }
        return Ok(out.flush()?);
    }
    if thresholds.is_empty() {
        global.note(&message!(
            "no pair was found likely enough to be estimated from"
        ));
        return Ok(());
    }
    let language = global.voice.language;
    // What is nearly all is not said to be all.
    let share = |share: f64| {
        let shown = if share < 1.0 { share.min(0.999) } else { 1.0 };
        decimal(shown, 3).to(language)
    };
    let rows: Vec<[String; 6]> = (thresholds.iter())
        .map(|at| {
            [
                if at.is_used { "*" } else { "" }.to_owned(),
                decimal(at.threshold, 3).to(language),
                at.pairs.to_string(),
                at.precision.map_or_else(|| "–".to_owned(), share),
                share(at.recall),
                at.organisations.to_string(),
            ]
        })
        .collect();
    let headings = [
        "",
        word!("threshold"),
        word!("pairs"),
        word!("precision"),
        word!("recall"),
        word!("organisations"),
    ];
    global.print(&aligned(headings, &rows, 1, language))?;
    global.note(&message!(
        "precision and recall are what the probabilities of the pairs let expect, of the pairs that share a key; nobody has checked them"
    ));
    Ok(())
}

fn chance(link: &LinkRecord) -> f64 {
    match (&link.laureate, link.decision) {
        (Some(laureate), Decision::SameLaureate | Decision::SameOrganisation) => {
            laureate.probability
        }
        _ => link.organisation.probability,
    }
}

fn verdict(link: &LinkRecord) -> &'static str {
    match link.decision {
        Decision::SameLaureate => word!("taken for one laureate"),
        Decision::SameOrganisation => word!("taken for two laureates of one organisation"),
        Decision::Different => word!("taken for two organisations"),
        Decision::Partner => word!("the second's organisation is a partner of the first"),
    }
}

/// `NAME – PROJECT (TERRITORY)`.
fn shown(clusters: &Clusters, table: &Table, id: &str) -> Option<String> {
    let fields = table.fields(clusters.find(table, id)?);
    let mut text = fields.name.unwrap_or_default().into_owned();
    if let Some(project) = fields.project {
        text.push_str(" – ");
        text.push_str(&project);
    }
    if let Some(territory) = fields.territory {
        text.push_str(" (");
        text.push_str(&territory);
        text.push(')');
    }
    Some(text)
}

/// `palmares explain --link A B`: why two mentions of a run are, or are not, one laureate.
pub(crate) fn explain_pair(
    a: &str,
    b: &str,
    mentions: &Path,
    global: &Global,
) -> anyhow::Result<()> {
    let mut table = Table::default();
    add(&mut table, mentions, &Mapping::default())?;
    table.finish()?;
    let options = LinkOptions::default();
    let clusters = cluster_records(&table, &options);
    let unknown = |id: &str| {
        Usage::new(
            message!(
                "no mention `{id}` in `{mentions}`",
                id,
                mentions = mentions.display()
            ),
            message!("ids begin with `m-`; `palmares link --uncertain` and links.ndjson show them"),
        )
    };
    for id in [a, b] {
        if clusters.find(&table, id).is_none() {
            return Err(unknown(id).into());
        }
    }
    let link = clusters.explain(&table, a, b).ok_or_else(|| unknown(a))?;
    let is_of_both =
        |link: &LinkRecord| (link.a == a && link.b == b) || (link.a == b && link.b == a);
    let link = match link.decision {
        Decision::Different => clusters
            .partners(&table, &options)
            .into_iter()
            .find(is_of_both)
            .unwrap_or(link),
        _ => link,
    };
    match global.format {
        Format::Json => global.print(&serde_json::to_string_pretty(&link)?),
        Format::Text => {
            let name = |id: &str| shown(&clusters, &table, id).unwrap_or_default();
            global.print(&describe(
                &link,
                &name(&link.a),
                &name(&link.b),
                global.voice.language,
            ))
        }
    }
}
