//! The language of help and of what the argument parser says: its command is walked, and each of its texts is looked up in the catalogue.

use std::error::Error as _;
use std::ffi::OsString;

use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, Command};
use palmares::message;
use palmares::message::{Language, Message, meant};
use palmares::word;

use super::global::is_colored;
use super::told::of_cause;
use super::voice::{Format, Kind, Said, Voice};

/// How to speak, before the arguments are understood: what they say of it themselves, then what the environment says.
pub(crate) fn voice(arguments: &[OsString]) -> Voice {
    let own = || {
        let arguments = arguments
            .iter()
            .skip(1)
            .map(|argument| argument.to_str().unwrap_or_default());
        arguments.take_while(|argument| *argument != "--")
    };
    let value = |option: &str| -> Option<&str> {
        let joined = own().find_map(|argument| argument.strip_prefix(option)?.strip_prefix('='));
        joined.or_else(|| own().skip_while(|argument| *argument != option).nth(1))
    };
    Voice {
        color: is_colored(),
        format: match value("--format") {
            Some("json") => Format::Json,
            _ => Format::Text,
        },
        language: match value("--lang") {
            Some("fr") => Language::French,
            Some("en") => Language::English,
            _ => of_environment(),
        },
    }
}

/// The language of the environment.
pub(crate) fn of_environment() -> Language {
    let locales =
        ["LC_ALL", "LC_MESSAGES", "LANG"].map(|name| std::env::var(name).unwrap_or_default());
    Language::of_locale(locales.iter().map(String::as_str))
}

/// The command with its help in a language.
pub(crate) fn translated(mut command: Command, language: Language) -> Command {
    if language == Language::English {
        return command;
    }
    command.build();
    let say = |text: &str| by_line(text, &mut |line| language.translated(line).to_owned());
    walked(command, &say)
}

/// Each line of a text but what is indented, which is to be typed; a full stop at its end is no part of it.
fn by_line(text: &str, say: &mut dyn FnMut(&str) -> String) -> String {
    let lines: Vec<String> = text
        .split('\n')
        .map(|line| match line.strip_suffix('.') {
            _ if line.is_empty() || line.starts_with("  ") => line.to_owned(),
            Some(line) => say(line) + ".",
            None => say(line),
        })
        .collect();
    lines.join("\n")
}

/// The command with each of its texts said otherwise.
fn walked(command: Command, say: &dyn Fn(&str) -> String) -> Command {
    if command.is_hide_set() {
        return command;
    }
    let styled = |text: Option<&StyledStr>| text.map(|text| say(&text.to_string()));
    let (about, long, after) = (
        styled(command.get_about()),
        styled(command.get_long_about()),
        styled(command.get_after_help()),
    );
    let mut command = command
        .help_template(format!(
            "{{before-help}}{{about-with-newline}}\n{} {{usage}}\n\n{{all-args}}{{after-help}}",
            say(word!("Usage:"))
        ))
        .subcommand_help_heading(say(word!("Commands")))
        .subcommand_value_name(say(word!("COMMAND")))
        .mut_args(|arg| walked_argument(arg, say))
        .mut_subcommands(|command| walked(command, say));
    if let Some(about) = about {
        command = command.about(about);
    }
    if let Some(long) = long {
        command = command.long_about(long);
    }
    if let Some(after) = after {
        command = command.after_help(after);
    }
    command
}

fn walked_argument(arg: Arg, say: &dyn Fn(&str) -> String) -> Arg {
    let heading = match arg.get_help_heading() {
        Some(heading) => say(heading),
        None if arg.is_positional() => say(word!("Arguments")),
        None => say(word!("Options")),
    };
    let styled = |text: Option<&StyledStr>| text.map(|text| say(&text.to_string()));
    let (mut help, mut long) = (styled(arg.get_help()), styled(arg.get_long_help()));
    let takes_values = arg.get_action().takes_values();
    let defaults: Vec<String> = (arg.get_default_values().iter())
        .map(|value| value.to_string_lossy().into_owned())
        .collect();
    if takes_values && !defaults.is_empty() {
        let default = format!(" [{} {}]", say(word!("default:")), defaults.join(" "));
        help = help.map(|help| help + &default);
        long = long.map(|long| long + &default);
    }
    let values = arg.get_possible_values();
    let shown = || values.iter().filter(|value| !value.is_hide_set());
    if takes_values && shown().next().is_some() {
        let names: Vec<&str> = shown()
            .map(clap::builder::PossibleValue::get_name)
            .collect();
        let told: Vec<String> = shown()
            .filter_map(|value| {
                Some(format!(
                    "\n- {} : {}",
                    value.get_name(),
                    say(&value.get_help()?.to_string())
                ))
            })
            .collect();
        let short = help.clone().unwrap_or_default();
        help = Some(format!(
            "{short} [{} {}]",
            say(word!("possible values:")),
            names.join(", ")
        ));
        if !told.is_empty() {
            let long_help = long.unwrap_or(short);
            long = Some(format!(
                "{long_help}\n\n{}{}",
                say(word!("Possible values:")),
                told.concat()
            ));
        }
    }
    let names = arg.get_value_names().filter(|_| takes_values);
    let names: Vec<String> = (names.unwrap_or_default().iter())
        .map(|name| say(name))
        .collect();
    let mut arg = arg
        .help_heading(heading)
        .hide_default_value(true)
        .hide_possible_values(true);
    if takes_values && !names.is_empty() {
        arg = arg.value_names(names);
    }
    if let Some(help) = help {
        arg = arg.help(help);
    }
    if let Some(long) = long {
        arg = arg.long_help(long);
    }
    arg
}

/// Says what is wrong with the arguments.
pub(crate) fn misused(error: &clap::Error, command: &Command, voice: Voice) {
    voice.say(Said {
        hint: hint(error, command),
        ..Said::new(Kind::Error, mistake(error))
    });
}

/// The texts that the parser tells of a mistake.
fn told(error: &clap::Error, kind: ContextKind) -> Vec<String> {
    match error.get(kind) {
        Some(ContextValue::String(text)) => vec![text.clone()],
        Some(ContextValue::Strings(texts)) => texts.clone(),
        Some(ContextValue::StyledStr(text)) => vec![text.to_string()],
        Some(ContextValue::Number(number)) => vec![number.to_string()],
        _ => Vec::new(),
    }
}

fn mistake(error: &clap::Error) -> Message {
    let told = |kind| told(error, kind);
    let first = |kind| told(kind).into_iter().next().unwrap_or_default();
    let argument = first(ContextKind::InvalidArg);
    match error.kind() {
        ErrorKind::InvalidSubcommand => message!(
            "there is no command `{name}`",
            name = first(ContextKind::InvalidSubcommand)
        ),
        ErrorKind::UnknownArgument if argument.starts_with('-') => {
            message!("there is no option `{argument}`", argument)
        }
        ErrorKind::UnknownArgument => {
            message!("the argument `{argument}` is one too many", argument)
        }
        ErrorKind::InvalidValue => match first(ContextKind::InvalidValue) {
            value if value.is_empty() => message!("`{argument}` lacks a value", argument),
            value => message!("`{value}` is no value of `{argument}`", value, argument),
        },
        ErrorKind::ValueValidation => {
            let why = error.source().map_or_else(Message::default, of_cause);
            message!(
                "`{value}` is no value of `{argument}`: {why}",
                value = first(ContextKind::InvalidValue),
                argument,
                why
            )
        }
        ErrorKind::MissingRequiredArgument => {
            message!(
                "missing: {arguments}",
                arguments = told(ContextKind::InvalidArg).join(", ")
            )
        }
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            message!("a command is missing")
        }
        ErrorKind::ArgumentConflict => match told(ContextKind::PriorArg).join(", ") {
            others if others.is_empty() || others == argument => {
                message!("`{argument}` stands twice", argument)
            }
            others => message!(
                "`{argument}` and `{others}` exclude each other",
                argument,
                others
            ),
        },
        ErrorKind::TooManyValues | ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => {
            message!("`{argument}` has not as many values as it takes", argument)
        }
        ErrorKind::NoEquals => message!(
            "`{argument}` is written with `=` before its value",
            argument
        ),
        ErrorKind::InvalidUtf8 => message!("an argument is not UTF-8"),
        _ => message::verbatim(error.to_string()),
    }
}

/// The nearest right name and the names there are, or how the command is used.
fn hint(error: &clap::Error, command: &Command) -> Option<Message> {
    let given = |kind| told(error, kind).into_iter().next().unwrap_or_default();
    let usage = given(ContextKind::Usage);
    // `Usage: palmares profile [OPTIONS] <COMMAND>`
    let mut words = usage.split_whitespace().skip(1);
    let mut used: Vec<&str> = words.next().into_iter().collect();
    let mut used_command = command;
    for word in words {
        let Some(inner) = used_command.find_subcommand(word) else {
            break;
        };
        used.push(word);
        used_command = inner;
    }
    let (name, names) = match error.kind() {
        ErrorKind::InvalidSubcommand => {
            let names = (used_command.get_subcommands())
                .filter(|command| !command.is_hide_set())
                .map(|command| command.get_name().to_owned());
            (given(ContextKind::InvalidSubcommand), names.collect())
        }
        ErrorKind::UnknownArgument => {
            let names = (used_command.get_arguments().chain(command.get_arguments()))
                .filter_map(|arg| Some(format!("--{}", arg.get_long()?)));
            (given(ContextKind::InvalidArg), names.collect())
        }
        ErrorKind::InvalidValue => (
            given(ContextKind::InvalidValue),
            told(error, ContextKind::ValidValue),
        ),
        _ => (String::new(), Vec::new()),
    };
    let near = meant(&name, names.iter().map(String::as_str));
    match (near, error.kind()) {
        (Some(near), _) => Some(message!("the nearest is `{near}`", near)),
        (None, ErrorKind::InvalidSubcommand | ErrorKind::InvalidValue) if !names.is_empty() => {
            Some(message!("there are {names}", names = names.join(", ")))
        }
        (None, _) => {
            let usage = used_command.clone().render_usage().to_string();
            let usage = usage.split_once(' ')?.1.trim();
            Some(message!(
                "it is used as `{usage}`; `{command} --help` tells more",
                usage,
                command = used.join(" ")
            ))
        }
    }
}

#[cfg(test)]
mod tests;
