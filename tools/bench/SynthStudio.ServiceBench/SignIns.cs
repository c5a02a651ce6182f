using System.Diagnostics;
using System.Text.RegularExpressions;
using Grpc.Core;

namespace SynthStudio.ServiceBench;

/// <summary>
/// Sign-ins by password that arrive at random, 20 a second, whatever became of those before; each time counts from when it was due. Beside it, how
/// long a refusal takes for an address without account and for one with.
/// </summary>
internal static partial class SignIns
{
    private const string Password = "four words of no sense";
    private const double PerSecond = 20;
    private const int People = 20;
    private const int Refusals = 2 * People;

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(40);

    public static async Task<Measured> MeasureAsync(BenchOptions options)
    {
        using var folder = new TemporaryFolder();
        await using var server = await ServedProcess.StartAsync(folder["data"], options: ["--registration", "open", "--mail-folder", folder["mails"]]);
        var client = new AccountService.AccountServiceClient(server.Channel);
        for (var i = 0; i < People; i++) await RegisterAsync(client, Address(i), folder["mails"], i + 1);

        await ArriveAsync(client, WarmUp);
        var times = await ArriveAsync(client, Duration);
        var (unknown, wrong) = (new List<double>(), new List<double>());
        for (var i = 0; i < Refusals; i++)
        {
            unknown.Add(await RefuseAsync(client, $"nobody{i}@example.org"));
            wrong.Add(await RefuseAsync(client, Address(i % People)));
        }

        unknown.Sort();
        wrong.Sort();
        return new Measured(
            $"sign-in (Argon2id 19 MiB, two passes), {PerSecond:0} a second at random, {times.Count} of them",
            $"p50 {Latencies.Percentile(times, 0.5):0} ms, p99 {Latencies.Percentile(times, 0.99):0} ms, longest {times[^1]:0} ms; refused: unknown address "
            + $"{Latencies.Percentile(unknown, 0.5):0.0} ms, wrong password {Latencies.Percentile(wrong, 0.5):0.0} ms",
            "p99 < 300 ms", "p99 < 300 ms");
    }

    private static string Address(int person) => $"person{person}@example.org";

    /// <summary>Milliseconds of each sign-in, in order.</summary>
    private static async Task<List<double>> ArriveAsync(AccountService.AccountServiceClient client, TimeSpan duration)
    {
        var random = new Random(7);
        var clock = Stopwatch.StartNew();
        var calls = new List<Task<double>>();
        for (var due = TimeSpan.Zero; due < duration; due += TimeSpan.FromSeconds(-Math.Log(1 - random.NextDouble()) / PerSecond))
        {
            if (due - clock.Elapsed is { Ticks: > 0 } early) await Task.Delay(early);
            calls.Add(SignInAsync(Address(calls.Count % People), due));
        }

        var times = (await Task.WhenAll(calls)).ToList();
        times.Sort();
        return times;

        async Task<double> SignInAsync(string email, TimeSpan due)
        {
            await client.SignInAsync(new SignInRequest { Email = email, Password = Password });
            return (clock.Elapsed - due).TotalMilliseconds;
        }
    }

    private static async Task<double> RefuseAsync(AccountService.AccountServiceClient client, string email)
    {
        var clock = Stopwatch.StartNew();
        try
        {
            await client.SignInAsync(new SignInRequest { Email = email, Password = "not the password" });
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.Unauthenticated)
        {
            return clock.Elapsed.TotalMilliseconds;
        }

        throw new InvalidOperationException("A wrong password was taken.");
    }

    private static async Task RegisterAsync(AccountService.AccountServiceClient client, string email, string mails, int count)
    {
        await client.StartRegistrationAsync(new StartRegistrationRequest { Email = email });
        while (!Directory.Exists(mails) || Directory.GetFiles(mails, "*.eml").Length < count) await Task.Delay(5);
        var mail = await File.ReadAllTextAsync(Directory.GetFiles(mails, "*.eml").Max(StringComparer.Ordinal)!);
        await client.CompleteRegistrationAsync(new CompleteRegistrationRequest { Token = Token().Match(mail).Value, Password = Password });
    }

    [GeneratedRegex("sm_[A-Za-z0-9_-]{43}")]
    private static partial Regex Token();
}
