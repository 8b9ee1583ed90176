//! An order as a plan: which columns and rows it makes.

use super::{BatchColumn, BatchOrder, SweepAxis, board::beginning};
use playground::{Chat, Control, Message, Parameters, Role, Target, prompts::PromptSet};
use recordings::compare::{ComparisonKind, Plan, PlanColumn, PlanError, PlanRow};

/// The most calls of a sweep, each of which may be repeated.
const MOST_VALUES: usize = 24;
/// How much of a text a label shows, in characters.
const SHOWN: usize = 40;

impl BatchOrder {
    /// The plan that it makes.
    ///
    /// # Errors
    /// What is wrong with it, and where.
    pub fn plan(self) -> Result<(ComparisonKind, Plan), PlanError> {
        let (kind, plan) = match self {
            BatchOrder::Sweep { base, target, axis, repeats } => {
                (ComparisonKind::Sweep, sweep(*base, &target, axis, repeats)?)
            }
            BatchOrder::Set { prompts, columns, repeats } => {
                (ComparisonKind::Set, set(prompts, columns, repeats)?)
            }
        };
        plan.check(kind)?;
        Ok((kind, plan))
    }
}

impl SweepAxis {
    fn len(&self) -> usize {
        match self {
            SweepAxis::Number { values, .. } => values.len(),
            SweepAxis::System { texts } => texts.len(),
            SweepAxis::Targets { targets } => targets.len(),
        }
    }
}

fn wrong<T>(field: impl Into<String>, why: impl Into<String>) -> Result<T, PlanError> {
    Err(PlanError { field: field.into(), why: why.into() })
}

fn sweep(base: Chat, target: &Target, axis: SweepAxis, repeats: u32) -> Result<Plan, PlanError> {
    if !(1..=MOST_VALUES).contains(&axis.len()) {
        return wrong("values", format!("a sweep has 1 to {MOST_VALUES} values"));
    }
    let (system, row) = row_of(String::new(), base.messages)?;
    let column = |label: String| PlanColumn {
        label,
        target: target.clone(),
        system: system.clone(),
        parameters: base.parameters.clone(),
        muted: false,
    };
    let (columns, varies) = match axis {
        SweepAxis::Number { control, values } => numbers(control, &values, &column)?,
        SweepAxis::System { texts } => systems(texts, &column)?,
        SweepAxis::Targets { targets } => targets_of(targets, &column)?,
    };
    let has_own = row.messages.iter().any(|it| it.role == Role::System);
    if has_own && varies == "system" {
        return wrong(
            "base",
            "the system text stands within the conversation: it cannot be varied",
        );
    }
    Ok(Plan { columns, rows: vec![row], repeats, varies: Some(varies), ..Plan::default() })
}

type Varied = (Vec<PlanColumn>, String);

fn numbers(
    control: Control,
    values: &[Option<f64>],
    column: &dyn Fn(String) -> PlanColumn,
) -> Result<Varied, PlanError> {
    let word = word(control);
    let name = word.replace('_', " ");
    let mut columns = Vec::new();
    for (at, value) in values.iter().enumerate() {
        let field = || format!("values.{at}");
        if values[..at].contains(value) {
            return wrong(field(), "this value stands in the list twice");
        }
        let label = value.map_or("unset".to_owned(), |it| it.to_string());
        let mut column = column(format!("{name} {label}"));
        match value {
            None => column.parameters.unset(control),
            Some(value) => set_number(&mut column.parameters, control, *value)
                .or_else(|why| wrong(field(), why))?,
        }
        columns.push(column);
    }
    Ok((columns, word))
}

/// Turns a knob that is a number.
fn set_number(it: &mut Parameters, control: Control, value: f64) -> Result<(), String> {
    let whole = || match value.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(&value) {
        true => Ok(Some(value as u32)),
        false => Err(format!("{value} is no whole number that can be sent")),
    };
    if !value.is_finite() {
        return Err("this is no number".to_owned());
    }
    match control {
        Control::Temperature => it.temperature = Some(value),
        Control::TopP => it.top_p = Some(value),
        Control::FrequencyPenalty => it.frequency_penalty = Some(value),
        Control::PresencePenalty => it.presence_penalty = Some(value),
        Control::MaxTokens => it.max_tokens = whole()?,
        Control::TopK => it.top_k = whole()?,
        Control::N => it.n = whole()?,
        Control::Logprobs => it.logprobs = whole()?,
        Control::ThinkingBudget => it.thinking_budget = whole()?,
        Control::Seed if value.fract() == 0.0 && value.abs() < 9e15 => {
            it.seed = Some(value as i64);
        }
        Control::Seed => return Err(format!("{value} is no whole number that can be sent")),
        _ => return Err("this parameter is no number".to_owned()),
    }
    Ok(())
}

fn systems(texts: Vec<String>, column: &dyn Fn(String) -> PlanColumn) -> Result<Varied, PlanError> {
    let mut columns = Vec::new();
    for (at, text) in texts.iter().enumerate() {
        if texts[..at].contains(text) {
            return wrong(format!("values.{at}"), "this text stands in the list twice");
        }
        let label = if text.trim().is_empty() { "no system".to_owned() } else { shown(text) };
        columns.push(PlanColumn { system: text.clone(), ..column(label) });
    }
    Ok((columns, "system".to_owned()))
}

fn targets_of(
    targets: Vec<Target>,
    column: &dyn Fn(String) -> PlanColumn,
) -> Result<Varied, PlanError> {
    let mut columns = Vec::new();
    for (at, target) in targets.iter().enumerate() {
        if targets[..at].contains(target) {
            return wrong(format!("values.{at}"), "this model stands in the list twice");
        }
        let is_alone = targets.iter().filter(|it| it.model == target.model).count() == 1;
        let whose = target.dialect.as_deref().unwrap_or_default();
        let label = match is_alone {
            true => target.model.clone(),
            false => format!("{} · {} {whose}", target.model, target.provider),
        };
        columns.push(PlanColumn { target: target.clone(), ..column(shown(&label)) });
    }
    Ok((columns, "model".to_owned()))
}

fn set(prompts: PromptSet, columns: Vec<BatchColumn>, repeats: u32) -> Result<Plan, PlanError> {
    if prompts.prompts.is_empty() {
        return wrong("rows", "there is no prompt to send");
    }
    let rows = prompts.prompts.into_iter().enumerate();
    let rows = rows.map(|(at, it)| {
        let row = whole_row(it.label, it.messages);
        row.or_else(|why| wrong(format!("rows.{at}"), why))
    });
    let columns = columns.into_iter().map(|it| {
        let system = it.chat.messages.into_iter().filter(|it| it.role == Role::System);
        let system = system.map(|it| it.text).collect::<Vec<_>>().join("\n\n");
        let BatchColumn { label, target, .. } = BatchColumn { chat: Chat::default(), ..it };
        PlanColumn { label, target, system, parameters: it.chat.parameters, muted: false }
    });
    let (rows, columns) = (rows.collect::<Result<_, _>>()?, columns.collect());
    Ok(Plan { columns, rows, repeats, ..Plan::default() })
}

/// The standing instructions of a conversation and the rest of it. Instructions that do not stand
/// at its beginning, or several of them, stay where they are.
fn row_of(label: String, mut messages: Vec<Message>) -> Result<(String, PlanRow), PlanError> {
    let systems = messages.iter().filter(|it| it.role == Role::System).count();
    let is_first = messages.first().is_some_and(|it| it.role == Role::System);
    let system = match is_first && systems == 1 {
        true => messages.remove(0).text,
        false => String::new(),
    };
    let row = whole_row(label, messages).or_else(|why| wrong("base", why))?;
    Ok((system, row))
}

fn whole_row(label: String, mut messages: Vec<Message>) -> Result<PlanRow, String> {
    match messages.pop() {
        Some(Message { role: Role::User, text: prompt }) => Ok(PlanRow { label, messages, prompt }),
        _ => Err("there is no prompt: the last message has to be yours".to_owned()),
    }
}

/// The name of a control in a chat.
fn word(control: Control) -> String {
    let name = serde_json::to_value(control).unwrap_or_default();
    name.as_str().unwrap_or_default().to_owned()
}

/// The beginning of a text, in one line.
fn shown(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    beginning(&line, SHOWN)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn planned(order: serde_json::Value) -> Result<Plan, (String, String)> {
        let order: BatchOrder = serde_json::from_value(order).expect("an order");
        order.plan().map(|it| it.1).map_err(|it| (it.field, it.why))
    }

    fn sweep_of(axis: serde_json::Value, repeats: u32) -> serde_json::Value {
        json!({ "kind": "sweep", "repeats": repeats, "axis": axis,
            "target": { "provider": "practice", "base_url": null, "model": "practice-1" },
            "base": { "messages": [
                { "role": "system", "text": "Be brief." }, { "role": "user", "text": "Hi" },
                { "role": "assistant", "text": "Hello." }, { "role": "user", "text": "Why?" },
            ], "parameters": { "top_p": 0.5 } } })
    }

    #[test]
    fn a_sweep_changes_one_thing() {
        let axis = json!({ "type": "number", "control": "temperature", "values": [0, 0.7, null] });
        let plan = planned(sweep_of(axis, 5)).expect("a plan");
        let labels: Vec<_> = plan.columns.iter().map(|it| it.label.as_str()).collect();
        assert_eq!(labels, ["temperature 0", "temperature 0.7", "temperature unset"]);
        assert_eq!((plan.repeats, plan.varies.as_deref()), (5, Some("temperature")));
        let chat = plan.chat(0, 1).expect("a place");
        assert_eq!((chat.parameters.temperature, chat.parameters.top_p), (Some(0.7), Some(0.5)));
        let said: Vec<_> = chat.messages.iter().map(|it| it.text.as_str()).collect();
        assert_eq!(said, ["Be brief.", "Hi", "Hello.", "Why?"]);

        let axis = json!({ "type": "system", "texts": ["", "Be long.\nAnd kind."] });
        let plan = planned(sweep_of(axis, 1)).expect("a plan");
        assert_eq!(plan.columns[1].label, "Be long. And kind.");
        assert_eq!(plan.chat(0, 0).expect("a place").messages.len(), 3);
        assert_eq!(plan.chat(0, 1).expect("a place").messages[0].text, "Be long.\nAnd kind.");
    }

    #[test]
    fn what_cannot_be_swept_is_refused_beside_its_field() {
        let numbers = |control: &str, values| json!({ "type": "number", "control": control, "values": values });
        let many: Vec<_> = (0..25).map(f64::from).collect();
        for (axis, field, says) in [
            (numbers("temperature", json!([])), "values", "1 to 24"),
            (numbers("temperature", json!(many)), "values", "1 to 24"),
            (numbers("temperature", json!(vec![0; 1_000_000])), "values", "1 to 24"),
            (numbers("temperature", json!([1, 0.5, 1])), "values.2", "twice"),
            (numbers("max_tokens", json!([1, 0.5])), "values.1", "no whole number"),
            (numbers("seed", json!([1e300])), "values.0", "no whole number"),
            (numbers("stop", json!([1])), "values.0", "no number"),
            (json!({ "type": "system", "texts": ["a", "a"] }), "values.1", "twice"),
            (json!({ "type": "targets", "targets": [] }), "values", "1 to 24"),
        ] {
            let error = planned(sweep_of(axis.clone(), 1)).expect_err("refused");
            assert!(error.0 == field && error.1.contains(says), "{axis}: {error:?}");
        }
        let axis = numbers("temperature", json!([0]));
        assert_eq!(planned(sweep_of(axis.clone(), 0)).expect_err("none").0, "repeats");
        let mut unasked = sweep_of(axis, 1);
        unasked["base"]["messages"] = json!([{ "role": "assistant", "text": "Hi" }]);
        assert!(planned(unasked).expect_err("no prompt").1.contains("the last message"));
    }

    #[test]
    fn a_set_is_sent_to_every_column() {
        let plan = planned(json!({ "kind": "set", "repeats": 2,
            "prompts": { "name": "", "form": "lines", "fields": [], "field": null, "left_out": [],
                "prompts": [
                    { "label": "1", "line": 1, "messages": [{ "role": "user", "text": "Why?" }] },
                    { "label": "own", "line": 2, "messages": [
                        { "role": "system", "text": "Own." }, { "role": "user", "text": "How?" } ] },
                ] },
            "columns": [{ "label": "a", "target": { "provider": "practice", "base_url": null, "model": "practice-1" },
                "chat": { "messages": [{ "role": "system", "text": "Be brief." }], "parameters": { "seed": 7 } } }] }));
        let plan = plan.expect("a plan");
        let system = |row| plan.chat(row, 0).expect("a place").messages[0].text.clone();
        assert_eq!((system(0), system(1)), ("Be brief.".to_owned(), "Own.".to_owned()));
        assert_eq!((plan.places().count(), plan.rows[1].label.as_str()), (4, "own"));
        assert_eq!(plan.columns[0].parameters.seed, Some(7));
    }
}
