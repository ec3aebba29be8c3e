//! The simulator as a program.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::str::FromStr;
use std::time::Duration;

use clap::Parser;

use super::realtime::{Keep, RealtimeOptions, RealtimeScript};
use super::{Fault, Script, ScriptFault, SimOptions, Simulator, Step};

const EXAMPLES: &str = "\
Examples:
  sim --port 9100                                  plausible answers at once
  sim --port 9100 --latency-ms 800                 after 0.8 seconds
  sim --fault rate_limit --fault-every 5           every fifth request is refused
  sim --fault '{\"fault\": \"rate_limit\", \"retry_after_ms\": 2000}'
  sim --script answers.json                        a list of rules, for example
      [{\"queue\": [{\"fault\": \"overloaded\"}, {\"content\": {\"topic\": \"Bio\"}}]},
       {\"each_student\": [{\"content\": {\"topic\": \"Math\"}}, {\"fault\": \"refusal\"}]},
       {\"always\": {\"content\": {\"isStudying\": false, \"topic\": \"\"}, \"latency_ms\": 300}}]

  sim --realtime-script talk.json                  answers and fates of voice sessions, for example
      {\"answers\": [{\"queue\": [{\"parts\": [{\"say\": {\"text\": \"Hello.\"}}]}]}],
       \"connections\": [{\"every\": {\"life\": {\"seconds\": 60}}}]}

Point the server at it with OPENAI_BASE_URL=http://127.0.0.1:9100/v1 and any OPENAI_API_KEY.";

/// Simulates a model provider on 127.0.0.1: the Responses API, the models list and the
/// Realtime API.
#[derive(Debug, Parser)]
#[command(name = "sim", after_help = EXAMPLES)]
struct Arguments {
    /// Port; 0 takes a free one.
    #[arg(long, default_value_t = 9100)]
    port: u16,
    /// Milliseconds before every answer whose step names no latency.
    #[arg(long, default_value_t = 0)]
    latency_ms: u64,
    #[arg(long, help = fault_help())]
    fault: Option<Fault>,
    /// The fault strikes every n-th request only.
    #[arg(long, default_value_t = 1, requires = "fault", value_parser = clap::value_parser!(u64).range(1..))]
    fault_every: u64,
    /// A script file.
    #[arg(long)]
    script: Option<PathBuf>,
    /// A key that is taken; may be given several times. Without it any key is.
    #[arg(long)]
    key: Vec<String>,
    /// A model there is; may be given several times. Without it any name is taken.
    #[arg(long)]
    model: Vec<String>,
    /// A script file for the realtime half.
    #[arg(long)]
    realtime_script: Option<PathBuf>,
    /// How many times faster than it sounds speech is generated; 0 is at once.
    #[arg(long, default_value_t = 20.0)]
    realtime_speed: f64,
    /// For load: speech is a ready piece of sound without marks, and clips are not recognised.
    #[arg(long)]
    realtime_light: bool,
    /// Writes no line for each request.
    #[arg(long)]
    quiet: bool,
}

fn fault_help() -> String {
    format!(
        "A fault for every request that no rule of the script takes: a name, or an object as in \
         script files. Names: {}",
        Fault::NAMES.join(", ")
    )
}

/// Runs the simulator until it is interrupted. `args` begins with the program's name.
pub fn run_cli(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments = match Arguments::try_parse_from(args) {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help, or a usage error, in clap's own words; without a terminal there is no one to tell.
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    match serve(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn serve(arguments: &Arguments) -> Result<(), Box<dyn std::error::Error>> {
    let script = script(arguments)?;
    let realtime_script = realtime_script(arguments)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let simulator = Simulator::try_start(options(arguments))
            .await
            .map_err(|error| format!("port {}: {error}", arguments.port))?;
        simulator.script(script);
        simulator.realtime().script(realtime_script);
        println!("simulator listening on {}", simulator.base_url());
        tokio::signal::ctrl_c().await?;
        Ok(())
    })
}

fn options(arguments: &Arguments) -> SimOptions {
    let given = |list: &[String]| (!list.is_empty()).then(|| list.to_vec());
    SimOptions {
        port: arguments.port,
        latency: Duration::from_millis(arguments.latency_ms),
        keys: given(&arguments.key),
        models: given(&arguments.model),
        keep_requests: 0,
        print: !arguments.quiet,
        realtime: realtime_options(arguments),
    }
}

fn realtime_options(arguments: &Arguments) -> RealtimeOptions {
    let options = if arguments.realtime_light {
        RealtimeOptions::light()
    } else {
        RealtimeOptions {
            keep: Keep::Counts,
            ..RealtimeOptions::default()
        }
    };
    RealtimeOptions {
        speed: arguments.realtime_speed,
        ..options
    }
}

fn realtime_script(arguments: &Arguments) -> Result<RealtimeScript, String> {
    arguments
        .realtime_script
        .as_deref()
        .map_or_else(|| Ok(RealtimeScript::new()), read_script)
}

fn read_script<S: FromStr<Err = ScriptFault>>(path: &Path) -> Result<S, String> {
    std::fs::read_to_string(path)
        .map_err(|error| error.to_string())
        .and_then(|text| text.parse().map_err(|error| format!("{error}")))
        .map_err(|error: String| format!("{}: {error}", path.display()))
}

fn script(arguments: &Arguments) -> Result<Script, String> {
    let script = match &arguments.script {
        None => Script::new(),
        Some(path) => read_script(path)?,
    };
    let Some(fault) = arguments.fault.clone() else {
        return Ok(script);
    };
    let every = arguments.fault_every;
    Ok(script.by(move |asked| {
        let strikes = asked.number.is_multiple_of(every);
        strikes.then(|| Step::fault(fault.clone()))
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn help_names_every_fault() {
        let help = Arguments::try_parse_from(["sim", "--help"])
            .unwrap_err()
            .to_string();
        for name in Fault::NAMES {
            assert!(help.contains(name), "{name}");
        }
    }

    #[test]
    fn a_script_that_cannot_be_read_is_named() {
        let arguments =
            Arguments::try_parse_from(["sim", "--script", "/no/such/file.json"]).unwrap();
        assert!(
            script(&arguments)
                .unwrap_err()
                .contains("/no/such/file.json")
        );
    }
}
