//! One file per subcommand. May print and use anyhow; nothing below it may.
