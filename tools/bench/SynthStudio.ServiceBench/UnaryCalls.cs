using System.Diagnostics;
using Grpc.Net.Client;

namespace SynthStudio.ServiceBench;

/// <summary>Requests a second of a unary call through authentication, authorization and a grain, against a bare echo, one connection each.</summary>
internal static class UnaryCalls
{
    private const int InFlight = 64;
    private const int Rounds = 5;

    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(4);

    public static async Task<Measured> MeasureAsync(BenchOptions options)
    {
        using var folder = new TemporaryFolder();
        await using var server = await ServedProcess.StartAsync(folder["data"]);
        var client = new Studio(server.Channel);
        var project = await client.CreateProjectAsync();
        var dataset = await client.UploadAsync(project, options.Table ?? FifteenColumns.Write(folder["table.csv"], rows: 500));
        var generator = await client.CreateGeneratorAsync(project, dataset.Name, TimeSpan.FromSeconds(5));
        var request = new GetGeneratorRequest { Name = generator.Name };

        using var echo = StartEcho(folder.Path, out var address);
        using var channel = GrpcChannel.ForAddress(address);
        var echoClient = new EchoService.EchoServiceClient(channel);
        var message = new EchoMessage { Text = generator.Name };

        var rounds = new List<(double Real, double Bare)>();
        for (var round = -1; round < Rounds; round++)
        {
            // Alternating, so that a noisy minute hits both; the first round warms up.
            var real = await RateAsync(() => client.Generators.GetGeneratorAsync(request).ResponseAsync);
            var bare = await RateAsync(() => echoClient.EchoAsync(message).ResponseAsync);
            if (round >= 0) rounds.Add((real, bare));
        }

        echo.Kill();
        return new Measured(
            $"unary RPC (get generator), one connection, against a bare echo, medians of {Rounds}",
            $"{Median(r => r.Real):N0}/s of {Median(r => r.Bare):N0}/s = {Median(r => r.Real / r.Bare):P0}", "40 %", "70 %");

        double Median(Func<(double Real, double Bare), double> figure) => Latencies.Percentile([.. rounds.Select(figure).Order()], 0.5);
    }

    private static async Task<double> RateAsync<T>(Func<Task<T>> call)
    {
        var clock = Stopwatch.StartNew();
        var counts = await Task.WhenAll(Enumerable.Range(0, InFlight).Select(async _ =>
        {
            var calls = 0;
            while (clock.Elapsed < Duration)
            {
                await call();
                calls++;
            }

            return calls;
        }));
        return counts.Sum() / clock.Elapsed.TotalSeconds;
    }

    private static Process StartEcho(string folder, out Uri address)
    {
        var file = Path.Combine(folder, "echo.address");
        var process = Process.Start(Environment.ProcessPath!, ["echo-server", file]);
        while (!File.Exists(file))
        {
            if (process.HasExited)
            {
                throw new InvalidOperationException("The echo server did not start.");
            }
        }

        address = new Uri(File.ReadAllText(file));
        return process;
    }
}
