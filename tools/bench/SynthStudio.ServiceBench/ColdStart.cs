namespace SynthStudio.ServiceBench;

/// <summary>From starting <c>synth serve</c> on an empty folder to its first healthy answer.</summary>
internal static class ColdStart
{
    private const int Runs = 5;

    public static async Task<Measured> MeasureAsync(BenchOptions options)
    {
        var times = new List<double>();
        for (var run = 0; run < Runs; run++)
        {
            using var folder = new TemporaryFolder();
            await using var server = await ServedProcess.StartAsync(folder["data"]);
            times.Add(server.StartTime.TotalSeconds);
        }

        times.Sort();
        return new Measured(
            "cold start of `synth serve` to healthy", $"{times[Runs / 2]:F2} s (median of {Runs}; {times[0]:F2} to {times[^1]:F2})", "4 s", "1.5 s");
    }
}
