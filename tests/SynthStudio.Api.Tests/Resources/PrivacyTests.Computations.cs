namespace SynthStudio.Api.Tests.Resources;

/// <summary>What is computed for whoever asks, without a data set.</summary>
public sealed partial class PrivacyTests
{
    [TestMethod]
    public async Task A_search_that_would_take_minutes_is_given_up_and_leaves_room_for_others()
    {
        var computations = new SynthStudio.Api.Privacy.PrivacyComputations();
        var accountant = SynthStudio.Privacy.Accountants.Get("gdp");
        using var leaves = new CancellationTokenSource();
        var endless = computations.RunAsync("", limit =>
        {
            var bounded = new SynthStudio.Api.Privacy.BoundedAccountant(accountant, limit);
            var sum = 0.0;
            while (sum >= 0) sum += bounded.Epsilon(new SynthStudio.Privacy.Events.GaussianEvent(1), 1e-5);
            return sum;
        }, leaves.Token);
        Assert.AreEqual(1, await computations.RunAsync("", _ => 1, Cancellation), "There is another place.");
        await leaves.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(() => endless);
        Assert.AreEqual(2, (await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => computations.RunAsync("", _ => 1, Cancellation)))).Sum());
    }

    [TestMethod]
    public async Task The_arithmetic_is_that_of_the_command_line()
    {
        var (client, _) = await OwnerAsync();

        var computed = await client.Privacy.ComputeEpsilonAsync(
            new() { NoiseMultiplier = 1.1, SampleRate = 0.01, Steps = 3000, Delta = 1e-5 });
        var calibrated = await client.Privacy.CalibrateNoiseAsync(
            new() { Epsilon = computed.Epsilon, SampleRate = 0.01, Steps = 3000, Delta = 1e-5 });
        var composed = await client.Privacy.ComposeEventsAsync(
            new() { EventsJson = """[{"type":"gaussian","noise_multiplier":1,"count":4}]""", Delta = 1e-6 });
        var twice = await client.Privacy.ComposeEventsAsync(
            new() { EventsJson = """[{"type":"gaussian","noise_multiplier":0.5}]""", Delta = 1e-6 });

        Assert.AreEqual("pld", computed.Accountant);
        Assert.AreEqual(2.65, computed.Epsilon, 0.1);
        Assert.AreEqual(1.1, calibrated.NoiseMultiplier, 1e-3);
        Assert.AreEqual(twice.Epsilon, composed.Epsilon, 1e-3, "Four times the noise multiplier 1 is once a half.");
        await RefusedAsync(StatusCode.InvalidArgument, "PARAMETER_OUT_OF_RANGE", () => client.Privacy.ComputeEpsilonAsync(
            new() { NoiseMultiplier = 1, SampleRate = 2, Steps = 1, Delta = 1e-5 }).ResponseAsync);
        await RefusedAsync(StatusCode.InvalidArgument, "MALFORMED", () => client.Privacy.ComposeEventsAsync(
            new() { EventsJson = "[{}]", Delta = 1e-5 }).ResponseAsync);
    }
}
