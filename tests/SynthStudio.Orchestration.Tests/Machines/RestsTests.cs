namespace SynthStudio.Orchestration.Tests;

/// <summary>How long a job rests after a failure, whatever clocks say.</summary>
[TestClass]
public sealed class RestsTests
{
    private const string Job = "projects/p/jobs/j";

    private readonly SteppedClock clock = new();

    [TestMethod]
    [DataRow(0)]
    [DataRow(-5)]
    [DataRow(5)]
    public void A_rest_is_as_long_as_it_was_asked_for_although_the_clock_is_set_meanwhile(int hours)
    {
        var rests = new Rests(clock);
        var failed = Failed(TimeSpan.FromSeconds(8));
        Assert.Contains(Job, rests.Of([failed]));

        clock.Step = TimeSpan.FromHours(hours);
        clock.Advance(TimeSpan.FromSeconds(7));
        Assert.Contains(Job, rests.Of([failed]));
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.IsEmpty(rests.Of([failed]));
    }

    [TestMethod]
    [DataRow(5, 300)]
    [DataRow(-5, 2)]
    public void Who_asks_by_a_wrong_clock_has_the_longest_or_the_shortest_rest(int hours, int seconds)
    {
        var rests = new Rests(clock);
        var failed = Failed(TimeSpan.FromHours(hours));
        Assert.Contains(Job, rests.Of([failed]));

        clock.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromTicks(1));
        Assert.Contains(Job, rests.Of([failed]));
        clock.Advance(TimeSpan.FromTicks(1));
        Assert.IsEmpty(rests.Of([failed]));
    }

    [TestMethod]
    public void The_next_failure_has_a_rest_of_its_own_and_what_never_failed_has_none()
    {
        var rests = new Rests(clock);
        var failed = Failed(TimeSpan.FromSeconds(2));
        rests.Of([failed]);
        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.IsEmpty(rests.Of([failed]));
        Assert.IsEmpty(rests.Of([failed with { Item = failed.Item with { NotBefore = failed.Item.NotBefore!.Value.AddTicks(-9) } }]), "As a store keeps it.");

        Assert.Contains(Job, rests.Of([Failed(TimeSpan.FromSeconds(4))]));
        Assert.IsEmpty(rests.Of([failed with { Item = failed.Item with { NotBefore = null } }]));
    }

    private QueuedWork Failed(TimeSpan wait) => new(
        new WorkItem
        {
            Job = Job, Kind = WorkKind.Training, Owner = Job, Project = "projects/p", Priority = 3, Requirements = WorkRequirements.Any, EnqueueTime = clock.GetUtcNow(),
            NotBefore = clock.GetUtcNow() + wait,
        },
        null,
        null);
}
