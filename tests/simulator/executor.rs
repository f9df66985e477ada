//! Tasks and virtual time. Which of the tasks that are ready runs next is drawn; time moves only when none is.

use fastrand::Rng;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};

pub type Task = Pin<Box<dyn Future<Output = ()>>>;

/// Whose a task is: it stands still and dies with its owner.
pub type Owner = usize;

/// Of tasks that belong to no tab: the network's.
pub const NOBODY: Owner = usize::MAX;

thread_local! {
    // A waker must be Send, so it cannot hold the executor. One world runs on a thread at a time.
    static WOKEN: RefCell<Vec<usize>> = const { RefCell::new(Vec::new()) };
}

struct Bell {
    task: usize,
    rung: AtomicBool,
}

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        if !self.rung.swap(true, Ordering::Relaxed) {
            WOKEN.with_borrow_mut(|woken| woken.push(self.task));
        }
    }
}

struct Slot {
    owner: Owner,
    bell: Arc<Bell>,
    waker: Waker,
    task: Task,
}

pub struct Executor {
    slots: RefCell<Vec<Option<Slot>>>,
    ready: RefCell<Vec<usize>>,
    /// Woken while their owners stand still.
    parked: RefCell<Vec<(Owner, usize)>>,
    frozen: RefCell<Vec<Owner>>,
    now: Cell<u64>,
    timers: RefCell<BTreeMap<(u64, u64), Waker>>,
    counter: Cell<u64>,
    pub rng: RefCell<Rng>,
    pub steps: Cell<u64>,
}

impl Executor {
    pub fn new(seed: u64) -> Self {
        WOKEN.with_borrow_mut(Vec::clear);
        Self {
            slots: RefCell::default(),
            ready: RefCell::default(),
            parked: RefCell::default(),
            frozen: RefCell::default(),
            now: Cell::new(1_800_000_000_000),
            timers: RefCell::default(),
            counter: Cell::new(0),
            rng: RefCell::new(Rng::with_seed(seed)),
            steps: Cell::new(0),
        }
    }

    pub fn now(&self) -> u64 {
        self.now.get()
    }

    pub fn count(&self) -> u64 {
        self.counter.set(self.counter.get() + 1);
        self.counter.get()
    }

    /// A number below the limit.
    pub fn draw(&self, limit: u64) -> u64 {
        self.rng.borrow_mut().u64(..limit.max(1))
    }

    pub fn chance(&self, percent: u64) -> bool {
        percent > 0 && self.draw(100) < percent
    }

    pub fn spawn(&self, owner: Owner, task: Task) {
        let mut slots = self.slots.borrow_mut();
        let bell = Arc::new(Bell {
            task: slots.len(),
            rung: AtomicBool::new(false),
        });
        let waker = Waker::from(Arc::clone(&bell));
        waker.wake_by_ref();
        slots.push(Some(Slot {
            owner,
            bell,
            waker,
            task,
        }));
    }

    pub async fn sleep(&self, time: u64) {
        self.until(self.now().saturating_add(time)).await;
    }

    pub async fn until(&self, time: u64) {
        let timer = Timer {
            executor: self,
            key: (time, self.count()),
        };
        poll_fn(|context| {
            if self.now() >= time {
                return Poll::Ready(());
            }
            let waker = context.waker().clone();
            self.timers.borrow_mut().insert(timer.key, waker);
            Poll::Pending
        })
        .await;
    }

    /// Runs until nothing is left to do before this time, or `go_on` says no.
    pub fn run_until(
        &self,
        end: u64,
        alarms: &RefCell<BTreeMap<Owner, u64>>,
        ring: impl Fn(Owner),
        go_on: impl Fn() -> bool,
    ) {
        loop {
            while let Some(task) = self.take_ready() {
                self.poll(task);
                if !go_on() {
                    return;
                }
            }
            let timer = self.timers.borrow().keys().next().copied();
            let alarm = self.next_alarm(&alarms.borrow());
            let at = match (timer, alarm) {
                (Some((timer, _)), Some((alarm, _))) => timer.min(alarm),
                (Some((at, _)), None) | (None, Some((at, _))) => at,
                (None, None) => break,
            };
            if at > end {
                break;
            }
            self.now.set(self.now().max(at));
            self.steps.set(self.steps.get() + 1);
            if let Some(key) = timer.filter(|key| key.0 == at) {
                let waker = self.timers.borrow_mut().remove(&key);
                waker.into_iter().for_each(Waker::wake);
            } else if let Some((_, owner)) = alarm {
                alarms.borrow_mut().remove(&owner);
                ring(owner);
            }
        }
        self.now.set(self.now().max(end));
    }

    /// The first alarm of those who do not stand still.
    fn next_alarm(&self, alarms: &BTreeMap<Owner, u64>) -> Option<(u64, Owner)> {
        let moving = alarms.iter().filter(|(owner, _)| !self.is_frozen(**owner));
        moving.map(|(owner, at)| (*at, *owner)).min()
    }

    /// Time jumps, and nothing happens meanwhile.
    pub fn jump(&self, time: u64) {
        self.now.set(self.now() + time);
    }

    fn take_ready(&self) -> Option<usize> {
        let mut ready = self.ready.borrow_mut();
        WOKEN.with_borrow_mut(|woken| ready.append(woken));
        while !ready.is_empty() {
            let turn = self.draw(ready.len() as u64) as usize;
            let task = ready.swap_remove(turn);
            let owner = match &self.slots.borrow()[task] {
                Some(slot) => slot.owner,
                None => continue,
            };
            if self.is_frozen(owner) {
                self.parked.borrow_mut().push((owner, task));
                continue;
            }
            return Some(task);
        }
        None
    }

    fn poll(&self, task: usize) {
        let Some(mut slot) = self.slots.borrow_mut()[task].take() else {
            return;
        };
        self.steps.set(self.steps.get() + 1);
        slot.bell.rung.store(false, Ordering::Relaxed);
        let waker = slot.waker.clone();
        let outcome = slot.task.as_mut().poll(&mut Context::from_waker(&waker));
        if outcome.is_pending() {
            self.slots.borrow_mut()[task] = Some(slot);
        }
    }

    pub fn is_frozen(&self, owner: Owner) -> bool {
        self.frozen.borrow().contains(&owner)
    }

    pub fn freeze(&self, owner: Owner) {
        if !self.is_frozen(owner) {
            self.frozen.borrow_mut().push(owner);
        }
    }

    pub fn thaw(&self, owner: Owner) {
        self.frozen.borrow_mut().retain(|it| *it != owner);
        let mut ready = self.ready.borrow_mut();
        self.parked.borrow_mut().retain(|(whose, task)| {
            if *whose == owner {
                ready.push(*task);
            }
            *whose != owner
        });
    }

    /// Ends all that these owners run. Their tasks are dropped, so whoever ends an owner first sees to it that nothing
    /// listens to those drops: a process that is killed runs no destructors.
    pub fn end(&self, is_over: impl Fn(Owner) -> bool) {
        let mut over = Vec::new();
        for slot in self.slots.borrow_mut().iter_mut() {
            if slot.as_ref().is_some_and(|slot| is_over(slot.owner)) {
                over.extend(slot.take());
            }
        }
        drop(over);
    }
}

struct Timer<'e> {
    executor: &'e Executor,
    key: (u64, u64),
}

impl Drop for Timer<'_> {
    fn drop(&mut self) {
        self.executor.timers.borrow_mut().remove(&self.key);
    }
}
