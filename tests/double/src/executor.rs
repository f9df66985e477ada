//! Tasks and virtual time. Which of the tasks that are ready runs next is left to chance; time moves only when none is.

use crate::chance::Chance;
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, VecDeque};
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::rc::Rc;
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
    ready: RefCell<VecDeque<usize>>,
    /// Woken while their owners stand still.
    parked: RefCell<Vec<(Owner, usize)>>,
    frozen: RefCell<Vec<Owner>>,
    now: Cell<u64>,
    timers: RefCell<BTreeMap<(u64, u64), Waker>>,
    /// When each session is to be woken.
    alarms: RefCell<BTreeMap<Owner, u64>>,
    counter: Cell<u64>,
    pub chance: Rc<dyn Chance>,
    pub steps: Cell<u64>,
}

impl Executor {
    pub fn new(chance: Rc<dyn Chance>) -> Self {
        WOKEN.with_borrow_mut(Vec::clear);
        Self {
            slots: RefCell::default(),
            ready: RefCell::default(),
            parked: RefCell::default(),
            frozen: RefCell::default(),
            now: Cell::new(1_800_000_000_000),
            timers: RefCell::default(),
            alarms: RefCell::default(),
            counter: Cell::new(0),
            chance,
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

    /// When to wake a session, if at all.
    pub fn set_alarm(&self, owner: Owner, at: Option<u64>) {
        let mut alarms = self.alarms.borrow_mut();
        match at {
            Some(at) => alarms.insert(owner, at),
            None => alarms.remove(&owner),
        };
    }

    /// Runs until nothing is left to do before this time, or `goes_on` says no.
    pub fn run_until(&self, end: u64, ring: impl Fn(Owner), goes_on: impl Fn() -> bool) {
        loop {
            while let Some(task) = self.take_ready() {
                self.poll(task);
                if !goes_on() {
                    return;
                }
            }
            if !self.step(end, &ring) {
                break;
            }
        }
        self.now.set(self.now().max(end));
    }

    /// Runs until all wait for time.
    pub fn run_ready(&self) {
        while let Some(task) = self.take_ready() {
            self.poll(task);
        }
    }

    /// Moves to the next moment at which something is due, if that is not after the end.
    pub fn step(&self, end: u64, ring: impl Fn(Owner)) -> bool {
        let timer = self.timers.borrow().keys().next().copied();
        let alarm = self.next_alarm(&self.alarms.borrow());
        let at = match (timer, alarm) {
            (Some((timer, _)), Some((alarm, _))) => timer.min(alarm),
            (Some((at, _)), None) | (None, Some((at, _))) => at,
            (None, None) => return false,
        };
        if at > end {
            return false;
        }
        self.now.set(self.now().max(at));
        self.steps.set(self.steps.get() + 1);
        if let Some(key) = timer.filter(|key| key.0 == at) {
            let waker = self.timers.borrow_mut().remove(&key);
            waker.into_iter().for_each(Waker::wake);
        } else if let Some((_, owner)) = alarm {
            self.alarms.borrow_mut().remove(&owner);
            ring(owner);
        }
        true
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
        WOKEN.with_borrow_mut(|woken| ready.extend(woken.drain(..)));
        while !ready.is_empty() {
            let turn = self.chance.below(ready.len() as u64) as usize;
            let Some(task) = ready.swap_remove_front(turn) else {
                break;
            };
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
                ready.push_back(*task);
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
