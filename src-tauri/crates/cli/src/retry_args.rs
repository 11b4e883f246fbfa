//! The words of `countersign retry`.

use clap::{Args, ValueEnum};
use countersign_core::ids::ProviderId;
use countersign_engine::wire::{LabFault, LabFaultKind, LabSpeed};
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(crate) struct RetryArgs {
    /// Whose schedule.
    #[arg(long, value_name = "ID", required_unless_present_any = ["resume", "show"])]
    pub(crate) provider: Option<ProviderId>,
    /// The endpoint.
    #[arg(long, value_name = "URL", required_unless_present_any = ["practice", "resume", "show"])]
    pub(crate) to: Option<String>,
    /// A delivery of the log is sent.
    #[arg(long, value_name = "DELIVERY", conflicts_with = "event")]
    pub(crate) from: Option<String>,
    /// An event of the catalogue is sent, with fresh ids and times.
    #[arg(long, value_name = "TYPE")]
    pub(crate) event: Option<String>,
    /// How fast the waiting goes: `60` times faster, `real`, or `none`. Attempts take the time they take.
    #[arg(long, value_name = "TIMES", default_value = "60", value_parser = speed)]
    pub(crate) speed: LabSpeed,
    /// The time that is signed: that of sending, or that of the schedule.
    #[arg(long, value_enum, default_value = "now")]
    pub(crate) timestamps: Timestamps,
    /// Tried beside the schedule, with commas between them.
    #[arg(long, value_enum, value_delimiter = ',', value_name = "WHAT")]
    pub(crate) also: Vec<Also>,
    /// What goes wrong in front of the endpoint: `down=2` (503 to the first two attempts), `down=2:500`, `down=2:refused`,
    /// `down=2:closed`, `slow=3s`, `lose=1` (the answer to attempt 1 is lost); `slow=3s@1,2` on these alone. May be given
    /// several times.
    #[arg(long = "fault", value_name = "FAULT", value_parser = fault)]
    pub(crate) faults: Vec<LabFault>,
    /// `GET` of this address reads the endpoint's state.
    #[arg(long, value_name = "URL", conflicts_with = "probe_command")]
    pub(crate) probe: Option<String>,
    /// What this program prints is the endpoint's state. No shell reads the command.
    #[arg(long, value_name = "COMMAND")]
    pub(crate) probe_command: Option<String>,
    /// A field that does not count when answers and states are compared: a JSON pointer. May be given several times.
    #[arg(long, value_name = "POINTER")]
    pub(crate) ignore: Vec<String>,
    /// The event that follows, for `out-of-order`; the next of the catalogue where it is not given.
    #[arg(long, value_name = "TYPE")]
    pub(crate) next: Option<String>,
    /// What jitter is drawn from.
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) seed: u32,
    /// Does not sign: the headers leave as they are.
    #[arg(long)]
    pub(crate) unsigned: bool,
    /// Accepts any certificate.
    #[arg(long)]
    pub(crate) insecure: bool,
    /// Shows the whole schedule and sends nothing.
    #[arg(long)]
    pub(crate) plan: bool,
    /// Sends to an endpoint that Countersign runs meanwhile: it verifies, answers and counts.
    #[arg(long, conflicts_with = "to")]
    pub(crate) practice: bool,
    /// That endpoint forgets what it has done, and so does it twice.
    #[arg(long, requires = "practice")]
    pub(crate) forgetful: bool,
    /// Writes the run as a file: `.json`, `.md` or `.svg`.
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// Goes on with a run that was interrupted.
    #[arg(long, value_name = "RUN", conflicts_with_all = ["show", "provider", "to"])]
    pub(crate) resume: Option<String>,
    /// Shows a run of the log again; nothing is sent.
    #[arg(long, value_name = "RUN", conflicts_with_all = ["provider", "to"])]
    pub(crate) show: Option<String>,
}

/// The time that is signed.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Timestamps {
    /// That of sending.
    Now,
    /// That of the schedule, as if all the waiting had passed.
    Scheduled,
}

/// What is tried beside the schedule.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Also {
    /// The endpoint works, its answer is lost, the same event comes again.
    LostAck,
    /// The same event twice at the same time.
    AtOnce,
    /// The next event first, then this one.
    OutOfOrder,
    /// The event again after it was delivered.
    Late,
}

fn speed(text: &str) -> Result<LabSpeed, String> {
    match text {
        "real" => Ok(LabSpeed::Real),
        "none" => Ok(LabSpeed::None),
        times => match times.parse() {
            Ok(times) => Ok(LabSpeed::Faster { times }),
            Err(_) => Err("write how many times faster, such as 60, or real, or none".to_owned()),
        },
    }
}

/// `3s`, `500ms`.
fn milliseconds(text: &str) -> Result<u32, String> {
    let wrong = || format!("“{text}” is no time: write 3s or 500ms");
    let (number, unit) = match text.strip_suffix("ms") {
        Some(number) => (number, 1.0),
        None => (text.strip_suffix('s').ok_or_else(wrong)?, 1_000.0),
    };
    let ms = number.parse::<f64>().map_err(|_| wrong())? * unit;
    if (0.0..=600_000.0).contains(&ms) { Ok(ms.round() as u32) } else { Err(wrong()) }
}

fn numbers(text: &str) -> Result<Vec<u32>, String> {
    let one = |n: &str| n.trim().parse::<u32>().ok().filter(|n| *n > 0);
    text.split(',').map(|n| one(n).ok_or_else(|| format!("“{n}” is no number of an attempt"))).collect()
}

/// `down=2`, `down=2:500`, `slow=3s@1,2`, `lose=1`.
fn fault(text: &str) -> Result<LabFault, String> {
    let (name, value) = text.split_once('=').ok_or("write down=2, slow=3s or lose=1")?;
    match name {
        "down" => {
            let (first, how) = value.split_once(':').unwrap_or((value, "503"));
            let first: u32 = first.parse().map_err(|_| format!("“{first}” is no number of attempts"))?;
            let kind = match how {
                "refused" => LabFaultKind::Refused,
                "closed" => LabFaultKind::Closed,
                status => LabFaultKind::Status {
                    status: status.parse().map_err(|_| format!("“{status}” is no status, refused or closed"))?,
                },
            };
            if !(1..=100).contains(&first) {
                return Err("the first 1 to 100 attempts can find it down".to_owned());
            }
            Ok(LabFault { kind, attempts: (1..=first).collect() })
        }
        "slow" => {
            let (by, on) = value.split_once('@').map_or((value, None), |(by, on)| (by, Some(on)));
            let attempts = on.map(numbers).transpose()?.unwrap_or_default();
            Ok(LabFault { kind: LabFaultKind::Slow { ms: milliseconds(by)? }, attempts })
        }
        "lose" => Ok(LabFault { kind: LabFaultKind::LoseAck, attempts: numbers(value)? }),
        other => Err(format!("there is no fault “{other}”: write down=2, slow=3s or lose=1")),
    }
}
