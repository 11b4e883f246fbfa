//! From a filter to SQL, and the queries that take a filter.
//!
//! Pages go by key: newest first from a given id on, so that a page ends as soon as it is full however dear its filter
//! is. Bytes are read only where a term asks for them, and only for the rows that the terms before it left.

use std::collections::HashSet;

use countersign_core::filter::{Being, Filter, Having, ProviderTest, Term, Test};
use rusqlite::types::Value;
use rusqlite::{Connection, Result, params_from_iter};

use crate::model::{Count, DeliveryId, EventGroup, Summary};
use crate::pack;
use crate::table::{deliveries, groups, totals};

/// A condition on `deliveries d`, with its parameters.
struct Condition {
    sql: String,
    values: Vec<Value>,
}

/// All terms as one condition, those that read bytes last.
fn condition(filter: &Filter) -> Condition {
    let mut all = Condition { sql: "d.deleted_at_us IS NULL".to_owned(), values: Vec::new() };
    let mut terms: Vec<&Term> = filter.terms().iter().collect();
    terms.sort_by_key(|term| matches!(term.test, Test::Body(_) | Test::Word(_)));
    for term in terms {
        let sql = test(&term.test, &mut all.values);
        // What is unknown (no provider, no event) does not hold, and so holds where it is negated.
        all.sql += &if term.negated { format!(" AND NOT ifnull({sql}, 0)") } else { format!(" AND {sql}") };
    }
    all
}

/// One of several; the parameters are numbered by their place in `values`.
fn any<T>(list: &[T], mut one: impl FnMut(&T) -> String) -> String {
    format!("({})", list.iter().map(&mut one).collect::<Vec<_>>().join(" OR "))
}

fn test(test: &Test, values: &mut Vec<Value>) -> String {
    let mut param = |value: Value| {
        values.push(value);
        format!("?{}", values.len())
    };
    match test {
        Test::Provider(list) => any(list, |one| match one {
            ProviderTest::None => "d.provider IS NULL".to_owned(),
            ProviderTest::Prefix(prefix) => format!("instr(d.provider, {}) = 1", param(prefix.clone().into())),
        }),
        Test::Verdict(test) => {
            let set = test.outcomes.iter().fold(0, |set, outcome| set | pack::bit(*outcome));
            format!("((d.applying & {set}) != 0)")
        }
        Test::Event(list) => {
            any(list, |one| format!("fits(d.event_type, {})", param(crate::search::pattern_text(one).into())))
        }
        Test::Path(list) => {
            any(list, |one| format!("path_fits(d.target, {})", param(crate::search::pattern_text(one).into())))
        }
        Test::Method(list) => any(list, |one| format!("upper(d.method) = {}", param(one.clone().into()))),
        Test::Status(list) => any(list, |one| format!("d.status BETWEEN {} AND {}", one.low, one.high)),
        Test::Since(at) => format!("d.received_at_us >= {}", param((*at).into())),
        Test::Before(at) => format!("d.received_at_us < {}", param((*at).into())),
        Test::Id(list) => any(list, |one| {
            let event = format!("d.event_id = {}", param(one.clone().into()));
            match one.parse::<DeliveryId>() {
                Ok(id) => format!("d.id = {} OR {event}", id.0),
                Err(_) => event,
            }
        }),
        Test::Body(list) => {
            let held = any(list, |one| format!("holds(c.body, {})", param(one.clone().into_bytes().into())));
            format!("EXISTS (SELECT 1 FROM contents c WHERE c.delivery_id = d.id AND {held})")
        }
        Test::Has(list) => any(list, |one| {
            match one {
                Having::Attempts => "EXISTS (SELECT 1 FROM attempts t WHERE t.delivery_id = d.id)",
                Having::Pin => "d.pinned = 1",
                Having::Body => "d.body_len > 0",
                Having::Query => "instr(d.target, x'3f') > 0",
            }
            .to_owned()
        }),
        Test::Is(list) => any(list, |one| match one {
            Being::Imported => "d.origin IS NOT NULL".to_owned(),
        }),
        Test::Word(word) => {
            let p = param(word.clone().into_bytes().into());
            format!(
                "(path_holds(d.target, {p}) OR holds(d.event_type, {p}) OR holds(d.event_id, {p}) OR EXISTS (SELECT 1 \
                 FROM contents c WHERE c.delivery_id = d.id AND (headers_hold(c.raw_head, c.headers, {p}) OR \
                 holds(c.body, {p}))))"
            )
        }
    }
}

/// A page of rows before `before`, newest first.
pub(crate) fn summaries(
    conn: &Connection,
    filter: &Filter,
    before: Option<DeliveryId>,
    limit: usize,
) -> Result<Vec<Summary>> {
    let Condition { sql, values } = condition(filter);
    let before = before.map_or(i64::MAX, |id| id.0);
    conn.prepare(&format!(
        "SELECT {} FROM deliveries d WHERE d.id < {before} AND {sql} ORDER BY d.id DESC LIMIT {limit}",
        deliveries::SUMMARY
    ))?
    .query_map(params_from_iter(values), deliveries::summary)?
    .collect()
}

/// A page of groups, each as its newest delivery that matches.
pub(crate) fn grouped(
    conn: &Connection,
    filter: &Filter,
    before: Option<DeliveryId>,
    limit: usize,
) -> Result<Vec<(Summary, Option<EventGroup>)>> {
    // All of one moment.
    let tx = conn.unchecked_transaction()?;
    let before = before.map_or(i64::MAX, |id| id.0);
    let ids = match filter.is_empty() {
        true => groups::newest(&tx, before, limit)?,
        false => newest_matching(&tx, filter, before, limit)?,
    };
    let mut rows = Vec::with_capacity(ids.len());
    for id in ids {
        let Some(summary) = deliveries::by_id(&tx, id)? else { continue };
        let group = match (&summary.judgement.provider, &summary.judgement.group) {
            (Some(provider), Some(key)) => groups::find(&tx, provider.as_str(), key)?,
            _ => None,
        };
        rows.push((summary, group));
    }
    Ok(rows)
}

/// The newest delivery that matches of each group, and what matches of those that belong to none. It reads what a flat
/// page would read, and passes over what stands in a group that was shown.
fn newest_matching(conn: &Connection, filter: &Filter, before: i64, limit: usize) -> Result<Vec<DeliveryId>> {
    let Condition { sql, values } = condition(filter);
    let at = values.len();
    let mut newer = conn.prepare(&format!(
        "SELECT 1 FROM deliveries d WHERE d.provider = ?{} AND d.group_key = ?{} AND d.id >= {before} AND {sql} LIMIT 1",
        at + 1,
        at + 2
    ))?;
    let mut matching = conn.prepare(&format!(
        "SELECT d.id, d.provider, d.group_key FROM deliveries d WHERE d.id < {before} AND {sql} ORDER BY d.id DESC"
    ))?;
    let mut rows = matching.query(params_from_iter(&values))?;
    let mut seen = HashSet::new();
    let mut found = Vec::with_capacity(limit);
    while found.len() < limit
        && let Some(row) = rows.next()?
    {
        let id = DeliveryId(row.get(0)?);
        if let Some(key) = row.get::<_, Option<String>>(2)? {
            let provider: String = row.get(1)?;
            let name = [Value::from(provider.clone()), Value::from(key.clone())];
            // It is on this page, or on one before.
            let shown = !seen.insert((provider, key))
                || (before < i64::MAX && newer.exists(params_from_iter(values.iter().chain(&name)))?);
            if shown {
                continue;
            }
        }
        found.push(id);
    }
    Ok(found)
}

/// Which of these deliveries the filter matches, in the order of their ids.
pub(crate) fn matching(conn: &Connection, filter: &Filter, ids: &str) -> Result<Vec<DeliveryId>> {
    let Condition { sql, mut values } = condition(filter);
    values.push(ids.to_owned().into());
    conn.prepare(&format!(
        "SELECT d.id FROM deliveries d WHERE d.id IN (SELECT value FROM json_each(?{})) AND {sql} ORDER BY d.id",
        values.len()
    ))?
    .query_map(params_from_iter(values), |row| Ok(DeliveryId(row.get(0)?)))?
    .collect()
}

/// How many the filter matches, and the totals of the log.
pub(crate) fn count(conn: &Connection, filter: &Filter) -> Result<Count> {
    // Both of one moment.
    let tx = conn.unchecked_transaction()?;
    let mut count = totals::sum(&tx)?;
    count.matched = if filter.is_empty() {
        count.total
    } else {
        let Condition { sql, values } = condition(filter);
        tx.prepare(&format!("SELECT count(*) FROM deliveries d WHERE {sql}"))?
            .query_row(params_from_iter(values), |row| row.get(0))?
    };
    Ok(count)
}

/// The ids that the filter matches, in their order.
pub(crate) fn ids(conn: &Connection, filter: &Filter) -> Result<Vec<DeliveryId>> {
    let Condition { sql, values } = condition(filter);
    conn.prepare(&format!("SELECT d.id FROM deliveries d WHERE {sql} ORDER BY d.id"))?
        .query_map(params_from_iter(values), |row| Ok(DeliveryId(row.get(0)?)))?
        .collect()
}
