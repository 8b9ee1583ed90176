//! What the kernel knows of a window's processes (proc(5)).

use std::{
    fs,
    path::Path,
    time::{SystemTime, UNIX_EPOCH},
};

/// Clock ticks a second in `/proc/*/stat`: 100 on every Linux that runs a web view.
const TICKS_A_SECOND: f64 = 100.0;
/// Fields of `/proc/*/stat` after the name, counted from 0.
const GROUP: usize = 2;
const START: usize = 19;

/// When the process of `group` that runs `binary` began, in milliseconds since 1970, to 10 ms.
pub fn started_at_ms(group: u32, binary: &Path) -> f64 {
    let is_binary =
        |pid: &u32| fs::read_link(format!("/proc/{pid}/exe")).is_ok_and(|it| it == binary);
    let pid = members(group).into_iter().find(is_binary).expect("the window's process runs");
    let ticks: f64 = stat(pid, START).expect("it has a start time");
    let uptime = fs::read_to_string("/proc/uptime").expect("the time since the machine started");
    let uptime: f64 = uptime.split(' ').next().and_then(|it| it.parse().ok()).expect("seconds");
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("it is later than 1970");
    let age = uptime - ticks / TICKS_A_SECOND;
    (now.as_secs_f64() - age) * 1000.0
}

/// The memory of a driver's group without the driver, with shared pages shared out.
pub fn pss_mib(group: u32) -> f64 {
    let of = |pid: u32| {
        let sums = fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).ok()?;
        let line = sums.lines().find(|line| line.starts_with("Pss:"))?;
        line.split_whitespace().nth(1)?.parse::<f64>().ok()
    };
    let windows = members(group).into_iter().filter(|pid| *pid != group);
    windows.filter_map(of).sum::<f64>() / 1024.0
}

fn members(group: u32) -> Vec<u32> {
    let entries = fs::read_dir("/proc").expect("proc is mounted").flatten();
    let pids = entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    pids.filter(|pid| stat::<u32>(*pid, GROUP) == Some(group)).collect()
}

/// A field after the name, which may itself have spaces and brackets.
fn stat<T: std::str::FromStr>(pid: u32, field: usize) -> Option<T> {
    let line = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let (_, fields) = line.rsplit_once(") ")?;
    fields.split(' ').nth(field)?.parse().ok()
}
