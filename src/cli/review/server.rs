//! The server of the page: what it is asked, by path, and what it answers. All paths begin with the token; what is not behind it is not there.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router, middleware};
use palmares::decisions::{Decision, FIELDS};
use palmares::message;
use palmares::message::Language;
use palmares::model::laureate::Laureate;
use palmares::model::mention::{DOUBTFUL, Mention};
use palmares::pipeline::Options;
use serde::{Deserialize, Serialize};

use super::super::decided::table_of_decisions;
use super::super::input::ReadingArgs;
use super::super::told::{hint_of, message_of};
use super::super::{Because, CLEAN, Format, Global, Pool, Usage};
use super::Args;
use super::acts::{Act, Begun, begun, mention_of};
use super::guard::{self, Own};
use super::journal::Journal;
use super::lessons::{self, Learnt, Shown};
use super::run::{Document, Doubt, Listed, Run};
use super::sources::{self, Words};

/// The files of the page, each with what it is.
const FILES: [(&str, &str, &str); 8] = [
    (
        "",
        "text/html; charset=utf-8",
        include_str!("page/page.html"),
    ),
    ("icon.svg", "image/svg+xml", include_str!("page/icon.svg")),
    (
        "style.css",
        "text/css; charset=utf-8",
        include_str!("page/style.css"),
    ),
    ("main.js", SCRIPT, include_str!("page/main.js")),
    ("record.js", SCRIPT, include_str!("page/record.js")),
    ("source.js", SCRIPT, include_str!("page/source.js")),
    ("tell.js", SCRIPT, include_str!("page/tell.js")),
    ("dom.js", SCRIPT, include_str!("page/dom.js")),
];

const SCRIPT: &str = "text/javascript; charset=utf-8";

/// What the server knows.
struct Review {
    folder: PathBuf,
    /// Where palmares.toml is, where there is one.
    config: Option<PathBuf>,
    options: Options<'static>,
    pool: Pool,
    /// The run, as it was read last.
    run: Mutex<Arc<Run>>,
    /// Held for as long as the table is read and written.
    journal: Mutex<Journal>,
    language: Language,
}

/// Answers until the process is ended.
pub(super) fn serve(args: &Args, global: &Global) -> anyhow::Result<ExitCode> {
    let folder = args.folder.clone().or_else(|| global.config.output.clone());
    let folder = folder.unwrap_or_else(|| PathBuf::from("extracted"));
    let run = Run::read(&folder)?;
    let table = table_of_decisions(args.decisions.as_deref(), global);
    let journal = Journal::new(table, global.config.csv_dialect.unwrap_or_default());
    journal.standing()?;
    let reading = ReadingArgs::default();
    let listener = listen(args.port)?;
    let host = listener.local_addr()?.to_string();
    let token = guard::token().because(|| message!("the system has no random numbers"))?;
    let told = message!(
        "{n} {n|doubt|doubts}; decisions go into `{table}`; Ctrl+C ends",
        n = run.doubts().len(),
        table = journal.path.display()
    );
    let review = Review {
        folder,
        config: global.config_file.clone(),
        options: reading.options(global)?,
        pool: Pool::expecting(reading.expected(global)),
        run: Mutex::new(Arc::new(run)),
        journal: Mutex::new(journal),
        language: global.voice.language,
    };
    let router = router(Arc::new(review), &token, Own { host: host.clone() });
    let address = format!("http://{host}/{token}/");
    match global.format {
        Format::Text => global.print(&address)?,
        Format::Json => global.print(&serde_json::json!({"url": address}).to_string())?,
    }
    global.note(&told);
    let cannot = || message!("cannot answer on {host}", host = &host);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_io()
        .build();
    let served = runtime.because(cannot)?.block_on(async {
        let listener = tokio::net::TcpListener::from_std(listener)?;
        axum::serve(listener, router).await
    });
    served.because(cannot)?;
    Ok(ExitCode::from(CLEAN))
}

/// A port of this machine that nobody else is told of.
fn listen(port: Option<u16>) -> anyhow::Result<TcpListener> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port.unwrap_or(0)));
    let bound = TcpListener::bind(address).and_then(|listener| {
        listener.set_nonblocking(true)?;
        Ok(listener)
    });
    bound.because(|| {
        Usage::new(
            message!("cannot answer on {host}", host = address.to_string()),
            message!("leave out `--port`: then a port is taken that is free"),
        )
    })
}

fn router(review: Arc<Review>, token: &str, own: Own) -> Router {
    let at = |path: &str| format!("/{token}/{path}");
    let mut router = Router::new()
        .route(&at("run"), get(run))
        .route(&at("record"), get(record))
        .route(&at("words"), get(words))
        .route(&at("picture"), get(picture))
        .route(&at("act"), post(act))
        .route(&at("add"), post(add))
        .route(&at("withdraw"), post(withdraw))
        .route(&at("undo"), post(undo))
        .route(&at("teach"), post(teach));
    for (path, media_type, content) in FILES {
        let file = move || async move { ([(CONTENT_TYPE, media_type)], content) };
        router = router.route(&at(path), get(file));
    }
    router
        .with_state(review)
        .layer(middleware::from_fn_with_state(own, guard::guard))
}

/// What is asked beside the path.
#[derive(Clone, Debug, Deserialize)]
struct Asked {
    /// The language of what may go wrong.
    language: Option<Language>,
    record: Option<String>,
    document: Option<usize>,
    page: Option<u32>,
}

/// What the page begins with.
#[derive(Serialize)]
struct Beginning<'r> {
    folder: String,
    table: String,
    doubtful: f64,
    fields: [&'static str; FIELDS.len()],
    documents: &'r [Document],
    records: Vec<Listed<'r>>,
    doubts: Vec<Doubt<'r>>,
    standing: Standing,
}

/// What is decided.
#[derive(Serialize)]
struct Standing {
    decisions: Vec<Decision>,
    /// How many acts can be undone.
    undoable: usize,
}

/// A record with its laureate.
#[derive(Serialize)]
struct Full<'r> {
    mention: &'r Mention,
    laureate: Option<&'r Laureate>,
}

impl Review {
    /// The run as the folder has it now.
    fn run(&self) -> anyhow::Result<Arc<Run>> {
        let mut run = self.run.lock().unwrap_or_else(PoisonError::into_inner);
        if !run.is_of(&self.folder) {
            *run = Arc::new(Run::read(&self.folder)?);
        }
        Ok(Arc::clone(&run))
    }

    fn journal(&self) -> MutexGuard<'_, Journal> {
        self.journal.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Standing {
    fn of(journal: &Journal) -> anyhow::Result<Self> {
        Ok(Self {
            decisions: journal.standing()?,
            undoable: journal.undoable(),
        })
    }
}

/// Does what takes its time beside what else is asked, and answers in JSON; what went wrong in words.
async fn answer<T: IntoResponse + Send + 'static>(
    review: Arc<Review>,
    asked: Asked,
    work: impl FnOnce(&Review, &Asked) -> anyhow::Result<T> + Send + 'static,
) -> Response {
    let language = asked.language.unwrap_or(review.language);
    let done = tokio::task::spawn_blocking(move || work(&review, &asked)).await;
    match done {
        Ok(Ok(answer)) => answer.into_response(),
        Ok(Err(error)) => {
            let hint = hint_of(&error).map(|hint| hint.to(language));
            let told =
                serde_json::json!({"message": message_of(&error).to(language), "hint": hint});
            (StatusCode::UNPROCESSABLE_ENTITY, Json(told)).into_response()
        }
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

type Known = State<Arc<Review>>;

async fn run(State(review): Known, Query(asked): Query<Asked>) -> Response {
    answer(review, asked, |review, _| {
        let run = review.run()?;
        let journal = review.journal();
        let beginning = Beginning {
            folder: review.folder.display().to_string(),
            table: journal.path.display().to_string(),
            doubtful: DOUBTFUL,
            fields: FIELDS,
            documents: &run.documents,
            records: run.listed(),
            doubts: run.doubts(),
            standing: Standing::of(&journal)?,
        };
        Ok(Json(serde_json::to_value(beginning)?))
    })
    .await
}

async fn record(State(review): Known, Query(asked): Query<Asked>) -> Response {
    answer(review, asked, |review, asked| {
        let run = review.run()?;
        let id = asked.record.as_deref().unwrap_or_default();
        let begun = begun(&review.journal().standing()?);
        let full = Full {
            mention: mention_of(&run, &begun, id)?,
            laureate: run.laureate_of(id),
        };
        Ok(Json(serde_json::to_value(full)?))
    })
    .await
}

async fn words(State(review): Known, Query(asked): Query<Asked>) -> Response {
    answer(review, asked, |review, asked| {
        let run = review.run()?;
        let document = run.document(asked.document.unwrap_or_default())?;
        let words: Words = sources::words(document, &review.pool, &review.options)?;
        Ok(Json(words))
    })
    .await
}

async fn picture(State(review): Known, Query(asked): Query<Asked>) -> Response {
    answer(review, asked, |review, asked| {
        let run = review.run()?;
        let document = run.document(asked.document.unwrap_or_default())?;
        let page = asked.page.unwrap_or(1);
        let png = sources::picture(document, page, &review.pool, &review.options)?;
        Ok(([(CONTENT_TYPE, "image/png")], png))
    })
    .await
}

async fn act(State(review): Known, Query(asked): Query<Asked>, Json(act): Json<Act>) -> Response {
    answer(review, asked, move |review, _| {
        let run = review.run()?;
        let mut journal = review.journal();
        let decided = act.decisions(&run, &journal.standing()?)?;
        journal.write(&decided)?;
        Ok(Json(Standing::of(&journal)?))
    })
    .await
}

async fn add(
    State(review): Known,
    Query(asked): Query<Asked>,
    Json(begun): Json<Begun>,
) -> Response {
    answer(review, asked, move |review, _| {
        let run = review.run()?;
        let document = run.document(begun.document)?;
        let written = sources::written(document, &review.pool, &review.options)?;
        let decision = begun.decision(&run, document, &written)?;
        let mut journal = review.journal();
        journal.write(std::slice::from_ref(&decision))?;
        Ok(Json(
            serde_json::json!({"record": decision.record, "standing": Standing::of(&journal)?}),
        ))
    })
    .await
}

async fn withdraw(
    State(review): Known,
    Query(asked): Query<Asked>,
    Json(decision): Json<Decision>,
) -> Response {
    answer(review, asked, move |review, _| {
        let mut journal = review.journal();
        journal.withdraw(&decision)?;
        Ok(Json(Standing::of(&journal)?))
    })
    .await
}

async fn undo(State(review): Known, Query(asked): Query<Asked>) -> Response {
    answer(review, asked, |review, _| {
        let mut journal = review.journal();
        journal.undo()?;
        Ok(Json(Standing::of(&journal)?))
    })
    .await
}

async fn teach(
    State(review): Known,
    Query(asked): Query<Asked>,
    Json(shown): Json<Shown>,
) -> Response {
    answer(review, asked, move |review, asked| {
        let run = review.run()?;
        let document = run.document(shown.document)?;
        let learnt: Learnt = lessons::teach(
            &shown,
            document,
            review.config.as_deref(),
            asked.language.unwrap_or(review.language),
            &review.pool,
            &review.options,
        )?;
        let mut journal = review.journal();
        journal.wrote(learnt.file.clone(), learnt.text.clone());
        Ok(Json(
            serde_json::json!({"learnt": learnt, "standing": Standing::of(&journal)?}),
        ))
    })
    .await
}
