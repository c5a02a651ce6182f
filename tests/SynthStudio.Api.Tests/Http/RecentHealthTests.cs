using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using SynthStudio.Api.Readiness;

namespace SynthStudio.Api.Tests.Http;

/// <summary>However many ask whether a server is ready, it asks others once a second.</summary>
[TestClass]
public sealed class RecentHealthTests : ApiTest
{
    private readonly FakeTimeProvider _time = new();
    private readonly Counted _check = new();

    private HealthCheckContext Context => new() { Registration = new HealthCheckRegistration("counted", _check, HealthStatus.Unhealthy, tags: null) };

    [TestMethod]
    public async Task Who_asks_within_a_second_gets_the_same_answer_and_who_leaves_takes_it_from_nobody()
    {
        var health = new RecentHealth<Counted>(_check, _time);
        using var leaves = new CancellationTokenSource();
        var first = health.CheckHealthAsync(Context, leaves.Token);
        var others = Enumerable.Range(0, 50).Select(_ => health.CheckHealthAsync(Context, Cancellation)).ToList();
        await leaves.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(() => first);
        _check.Answer.SetResult(HealthCheckResult.Healthy("one"));

        foreach (var answer in await Task.WhenAll(others)) Assert.AreEqual("one", answer.Description);
        _time.Advance(RecentHealth<Counted>.Lifetime - TimeSpan.FromMilliseconds(1));
        Assert.AreEqual("one", (await health.CheckHealthAsync(Context, Cancellation)).Description);
        Assert.AreEqual(1, _check.Made);

        _check.Answer = new();
        _check.Answer.SetResult(HealthCheckResult.Healthy("two"));
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.AreEqual("two", (await health.CheckHealthAsync(Context, Cancellation)).Description);
        Assert.AreEqual(2, _check.Made);
    }

    [TestMethod]
    public async Task What_fails_or_does_not_answer_is_unhealthy_and_is_asked_again()
    {
        var health = new RecentHealth<Counted>(_check, _time);
        var asked = health.CheckHealthAsync(Context, Cancellation);
        await _check.Begun.Task.WaitAsync(Cancellation);
        _time.Advance(RecentHealth<Counted>.Patience);
        Assert.AreEqual(HealthStatus.Unhealthy, (await asked).Status, "It never answers.");

        _check.Answer = new();
        _check.Answer.SetException(new InvalidOperationException("It broke."));
        var failed = await health.CheckHealthAsync(Context, Cancellation);
        Assert.AreEqual((HealthStatus.Unhealthy, "It broke."), (failed.Status, failed.Description));

        _check.Answer = new();
        _check.Answer.SetResult(HealthCheckResult.Healthy());
        _time.Advance(RecentHealth<Counted>.Lifetime);
        Assert.AreEqual(HealthStatus.Healthy, (await health.CheckHealthAsync(Context, Cancellation)).Status);
    }

    [TestMethod]
    public void All_checks_of_a_server_that_ask_others_are_of_this_kind()
    {
        var checks = Server.Get<IOptions<HealthCheckServiceOptions>>().Value.Registrations.ToDictionary(r => r.Name, r => r.Factory(Server.Services).GetType());
        foreach (var name in new[] { "catalog", "grains", "objects" }) Assert.AreEqual(typeof(RecentHealth<>), checks[name].GetGenericTypeDefinition(), name);
        CollectionAssert.AreEquivalent(new[] { "process", "catalog", "grains", "objects", "leaving" }, checks.Keys.ToArray(), "Is a new one of this kind, too?");
    }

    [TestMethod]
    public async Task What_the_scheduler_is_asked_all_the_time_does_not_grow_with_the_cluster()
    {
        var (grains, asked) = AskedScheduler.Create();

        await new GrainHealth(grains).AskAsync(Cancellation);

        CollectionAssert.AreEqual(new[] { nameof(ISchedulerGrain.GetShareAsync) }, asked.ToArray());
    }

    private sealed class Counted : IHealthCheck
    {
        public int Made { get; private set; }

        public TaskCompletionSource Begun { get; } = new();

        public TaskCompletionSource<HealthCheckResult> Answer { get; set; } = new();

        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            Made++;
            Begun.TrySetResult();
            return Answer.Task;
        }
    }
}
