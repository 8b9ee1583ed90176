use super::*;
use crate::{batch::Consent, keys::OsVault};
use playground::prices::budget::OverBudget;
use recordings::compare::{PlanColumn, PlanRow};
use tauri::{App, Manager, test::MockRuntime, utils::config::AppDirectoriesOverride};
use tempfile::TempDir;

fn app(folder: &TempDir) -> App<MockRuntime> {
    let mut context = crate::context();
    let root = AppDirectoriesOverride::Root(folder.path().into());
    context.config_mut().app.app_directories_override = Some(root);
    let builder = crate::configure(tauri::test::mock_builder(), Box::new(OsVault));
    let mut app = builder.build(context).expect("the app builds");
    #[allow(deprecated, reason = "it runs the set-up, which is all that is wanted of it")]
    app.run_iteration(|_, _| {});
    app
}

/// A batch of so many calls, of which nothing is kept.
fn batch(app: &App<MockRuntime>, calls: u32, concurrency: u32) -> Arc<Batch> {
    let target = playground::Target { provider: "practice".into(), ..Default::default() };
    let column = PlanColumn { target, ..PlanColumn::default() };
    let (columns, rows) = (vec![column], vec![PlanRow::default()]);
    let plan = Plan { columns, rows, repeats: calls, ..Plan::default() };
    let shell = Arc::clone(&app.state::<Arc<Shell>>());
    let columns = crate::batch::destinations(&shell, &plan).expect("practice is here");
    let queue = plan.places().collect();
    let manner = Manner { concurrency, consent: Consent::All, offset_minutes: 0 };
    let rest = Rest { plan, columns, cells: Vec::new(), queue, is_again: false };
    Batch::new(shell, "a".into(), rest, manner)
}

#[tokio::test]
async fn a_call_that_dies_does_not_hold_up_the_others() {
    let folder = TempDir::new().expect("a temporary folder");
    let app = app(&folder);
    let batch = batch(&app, 2, 1);
    let Step::Send(first, _) = batch.step() else { panic!("a call leaves") };
    assert!(matches!(batch.step(), Step::Wait(None)), "one at a time");
    Arc::clone(&batch).lands(first, async { panic!("a test") }, || None).await;
    assert_eq!(batch.cell(first).map(|it| it.state), Some(CellPhase::Lost));
    let Step::Send(second, _) = batch.step() else { panic!("the next one leaves") };
    assert_ne!(first, second);
    Arc::clone(&batch).lands(second, async { panic!("a test") }, || None).await;
    assert!(matches!(batch.step(), Step::End) && batch.has_ended());
}

#[tokio::test]
async fn a_budget_that_counted_what_has_just_ended_is_looked_at_again() {
    let folder = TempDir::new().expect("a temporary folder");
    let app = app(&folder);
    let batch = batch(&app, 2, 2);
    let Step::Send(first, _) = batch.step() else { panic!("a call leaves") };
    let Step::Send(second, _) = batch.step() else { panic!("and another") };
    Arc::clone(&batch).lands(first, async {}, || None).await;
    let over = || OverBudget { runs: 1, bound: None, passed: Vec::new() };
    batch.is_over(second, over(), false);
    let Step::Send(again, _) = batch.step() else { panic!("nobody is asked yet") };
    assert_eq!(again, second);
    batch.is_over(second, over(), true);
    assert!(matches!(batch.step(), Step::End) && batch.asks());
}
