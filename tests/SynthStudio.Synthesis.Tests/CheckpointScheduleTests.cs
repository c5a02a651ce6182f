using SynthStudio.Synthesis.Training;

namespace SynthStudio.Synthesis.Tests;

[TestClass]
public sealed class CheckpointScheduleTests
{
    private static readonly CheckpointSchedule Chosen = new(Interval: null, Steps: 0);

    [TestMethod]
    [DataRow(1, 5.0, DisplayName = "the beginning: 5 s")]
    [DataRow(50, 5.0, DisplayName = "a minute, nearly: 5 s")]
    [DataRow(120, 12.0, DisplayName = "two minutes: a tenth")]
    [DataRow(36_000, 20.0, DisplayName = "hours: 20 s")]
    public void An_interval_that_nobody_gave_is_a_tenth_of_what_a_crash_would_cost(int trained, double interval) =>
        IsEvery(Chosen, interval, trained, cost: 0.01);

    [TestMethod]
    [DataRow(0.8, 40, DisplayName = "a fiftieth of the time")]
    [DataRow(10.0, 60, DisplayName = "a minute at most")]
    public void Checkpoints_that_take_long_are_written_less_often(double cost, double interval) => IsEvery(Chosen, interval, trained: 36_000, cost);

    [TestMethod]
    public void An_interval_that_was_given_is_kept_to() =>
        IsEvery(new CheckpointSchedule(TimeSpan.FromSeconds(7), Steps: 0), interval: 7, trained: 36_000, cost: 2);

    [TestMethod]
    public void Steps_that_were_given_do_not_wait_for_time()
    {
        var schedule = new CheckpointSchedule(Interval: null, Steps: 50);

        Assert.IsFalse(IsDue(schedule, elapsed: 1, steps: 49, trained: 60, cost: 0));
        Assert.IsTrue(IsDue(schedule, elapsed: 1, steps: 50, trained: 60, cost: 0));
    }

    private static void IsEvery(CheckpointSchedule schedule, double interval, double trained, double cost)
    {
        Assert.IsFalse(IsDue(schedule, interval - 0.01, steps: 1_000_000, trained, cost));
        Assert.IsTrue(IsDue(schedule, interval + 0.01, steps: 1, trained, cost));
    }

    private static bool IsDue(CheckpointSchedule schedule, double elapsed, long steps, double trained, double cost) =>
        schedule.IsDue(TimeSpan.FromSeconds(elapsed), steps, TimeSpan.FromSeconds(trained), TimeSpan.FromSeconds(cost));
}
