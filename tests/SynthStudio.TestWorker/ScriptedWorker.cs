using System.Diagnostics;
using System.Globalization;
using System.Threading.Channels;
using Google.Protobuf.WellKnownTypes;
using SynthStudio.Worker.Protocol;
using SynthStudio.Worker.V1;

namespace SynthStudio.TestWorker;

/// <summary>
/// Speaks the worker protocol and does what its order's script says, one word group after another, separated by semicolons:
/// <c>progress STEP FRACTION</c>, <c>checkpoint STEP</c>, <c>scribble STEP</c> (a checkpoint that no worker can read),
/// <c>part NUMBER ROWS</c>, <c>train STEPS MILLISECONDS [EVERY]</c> (a step each, with progress, and with a checkpoint every so many, from
/// the given checkpoint on), <c>sleep MILLISECONDS [EPOCH]</c> (obeys wishes), <c>stubborn MILLISECONDS [EPOCH]</c> (does not),
/// <c>wait FILE</c> (until it is there; does not obey either), <c>compute MILLISECONDS</c> (does not either, and is busy),
/// <c>freeze [EPOCH]</c> (stops as by SIGSTOP), <c>spend EPSILON</c> (of the order's privacy terms), <c>state EPSILON</c> (what the
/// statement will claim; 0 makes none), <c>crash EXITCODE [EPOCH]</c>, <c>fail CLASS REASON [EPOCH]</c>, <c>leave [EPOCH]</c> (as paused,
/// without a checkpoint), <c>say WORDS</c>, <c>told</c> (says what its order tells that earlier attempts had spent), <c>process</c> (says
/// its id), <c>trace</c> (says its order's trace context), <c>step NAME</c> (tells that it ended), <c>environment NAME</c>.
/// </summary>
internal sealed class ScriptedWorker(MessageChannel<WorkerInput, WorkerOutput> channel, JobOrder first)
{
    private static readonly TimeProvider Time = TimeProvider.System;
    private static readonly TimeSpan HeartbeatInterval = TimeSpan.FromMilliseconds(100);

    private readonly Channel<JobOrder> orders = Channel.CreateUnbounded<JobOrder>();
    private JobOrder order = first;
    private volatile Control.Types.Wish wish;
    private int step;
    private double epsilon;
    private double? stated;

    private string Script => order.SpecCase switch
    {
        JobOrder.SpecOneofCase.Train => order.Train.Options["script"],
        JobOrder.SpecOneofCase.Generate => order.Generate.Given["script"],
        JobOrder.SpecOneofCase.Profile => order.Profile.Data.SchemaJson,
        _ => "",
    };

    public async Task<int> RunAsync()
    {
        _ = ListenAsync();
        while (true)
        {
            WorkerOutput end;
            using (new WorkerHeartbeat(channel, HeartbeatInterval)) end = await RunOrderAsync();
            await SendAsync(end);
            if (end.Completed is null || !order.Stay) return 0;
            order = await orders.Reader.ReadAsync();
        }
    }

    /// <summary>Answers the end of the work.</summary>
    private async Task<WorkerOutput> RunOrderAsync()
    {
        await SendAsync(new() { Started = new() { ProcessId = Environment.ProcessId, Device = "cpu" } });
        await ResumeAsync();
        foreach (var words in Script.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (await PerformAsync(words.Split(' ')) is { } end) return end;
        }

        return new()
        {
            Completed = new() { Artifacts = { await ArtifactAsync() }, Metrics = { ["rows"] = 3 }, PeakMemoryBytes = 1, PrivacyStatementJson = Statement() },
        };
    }

    /// <summary>Goes on from the first checkpoint that is a number.</summary>
    private async Task ResumeAsync()
    {
        var checkpoints = order.Train?.Checkpoints ?? [];
        for (var i = 0; i < checkpoints.Count && step == 0; i++)
        {
            if (!int.TryParse(await File.ReadAllTextAsync(checkpoints[i]), CultureInfo.InvariantCulture, out step))
            {
                await SendAsync(new() { CheckpointRefused = new() { Number = i, Reason = "is no number" } });
            }
        }
    }

    /// <summary>Answers the end of the work, if this was it.</summary>
    private async Task<WorkerOutput?> PerformAsync(string[] words)
    {
        switch (words[0])
        {
            case "progress":
                await ProgressAsync(words[1], double.Parse(words[2], CultureInfo.InvariantCulture));
                break;
            case "checkpoint":
                step = Number(words[1]);
                await CheckpointAsync();
                break;
            case "scribble":
                await SendAsync(new() { Checkpoint = new() { Path = await FileAsync("scribble"), Step = Number(words[1]) } });
                break;
            case "part":
                var part = await FileAsync($"part {words[1]}");
                await SendAsync(new() { Part = new() { Path = part, Number = Number(words[1]), Rows = Number(words[2]) } });
                break;
            case "train":
                return await TrainAsync(Number(words[1]), Number(words[2]), words.Length > 3 ? Number(words[3]) : 1);
            case "spend":
                epsilon = double.Parse(words[1], CultureInfo.InvariantCulture);
                await SendAsync(new() { PrivacySpent = new() { EventJson = Event(epsilon), Epsilon = epsilon } });
                break;
            case "state":
                stated = double.Parse(words[1], CultureInfo.InvariantCulture);
                break;
            case "leave" when IsMyEpoch(words, 1):
                return new() { Paused = new() };
            case "sleep" when IsMyEpoch(words, 2):
                return await SleepAsync(Number(words[1]));
            case "stubborn" when IsMyEpoch(words, 2):
                await Task.Delay(Number(words[1]));
                break;
            case "wait":
                while (!File.Exists(words[1])) await Task.Delay(10);
                break;
            case "compute":
                for (var began = Time.GetTimestamp(); Time.GetElapsedTime(began).TotalMilliseconds < Number(words[1]);) Thread.SpinWait(1000);
                break;
            case "freeze" when IsMyEpoch(words, 1):
                Process.Start("kill", ["-STOP", Environment.ProcessId.ToString(CultureInfo.InvariantCulture)]);
                await Task.Delay(Timeout.Infinite);
                break;
            case "crash" when IsMyEpoch(words, 2):
                await Console.Error.WriteLineAsync("Unhandled exception. System.FormatException: Alice Miller\n ---> System.Exception: 41\n   at Trainer.Step(Row row)\nBob, 52");
                Environment.Exit(Number(words[1]));
                break;
            case "fail" when IsMyEpoch(words, 3):
                var failure = System.Enum.Parse<Failed.Types.Class>(words[1], ignoreCase: true);
                return new() { Failed = new() { Class = failure, Reason = words[2], Message = "The script says so.", Trace = $"Trace.Of({words[2]})" } };
            case "say":
                await SendAsync(new() { Log = new() { Level = "information", Message = string.Join(' ', words[1..]) } });
                break;
            case "told":
                await SendAsync(new() { Log = new() { Level = "information", Message = $"told {order.Train.SpentEventJson}" } });
                break;
            case "process":
                await SendAsync(new() { Log = new() { Level = "information", Message = $"process {Environment.ProcessId}" } });
                break;
            case "trace":
                await SendAsync(new() { Log = new() { Level = "information", Message = $"trace {order.TraceParent}" } });
                break;
            case "step":
                var now = Timestamp.FromDateTimeOffset(Time.GetUtcNow());
                var begun = Timestamp.FromDateTimeOffset(Time.GetUtcNow().AddSeconds(-2));
                await SendAsync(new() { StepEnded = new() { Step = words[1], BeginTime = begun, EndTime = now } });
                break;
            case "environment":
                var value = Environment.GetEnvironmentVariable(words[1]) ?? "(unset)";
                await SendAsync(new() { Log = new() { Level = "information", Message = $"{words[1]}={value}" } });
                break;
        }

        return null;
    }

    private async Task<WorkerOutput?> TrainAsync(int steps, int milliseconds, int every)
    {
        while (step < steps)
        {
            if (await SleepAsync(milliseconds) is { } end) return end;
            step++;
            await ProgressAsync("train", (double)step / steps);
            if (step % every == 0) await CheckpointAsync();
        }

        return null;
    }

    private async Task<WorkerOutput?> SleepAsync(int milliseconds)
    {
        var start = Time.GetTimestamp();
        while (true)
        {
            if (wish == Control.Types.Wish.Cancel) return new() { Failed = new() { Class = Failed.Types.Class.Cancelled, Reason = "CANCELLED" } };
            if (wish == Control.Types.Wish.Pause)
            {
                await CheckpointAsync();
                return new() { Paused = new() };
            }

            var rest = milliseconds - (int)Time.GetElapsedTime(start).TotalMilliseconds;
            if (rest <= 0) return null;
            await Task.Delay(Math.Min(rest, 10));
        }
    }

    private Task ProgressAsync(string name, double fraction)
    {
        var progress = new Progress
        {
            Step = name, Fraction = fraction, Remaining = Duration.FromTimeSpan(TimeSpan.FromSeconds(1)), Metrics = { ["optimiser_step"] = step },
        };
        if (order.Train?.Privacy is not null) progress.Epsilon = epsilon;
        return SendAsync(new() { Progress = progress });
    }

    /// <summary>What a private training says it promises: its terms, unless the script says otherwise.</summary>
    private string Statement() => order.Train?.Privacy is { } terms && (stated ?? terms.Epsilon) is > 0 and var claimed
        ? string.Create(
            CultureInfo.InvariantCulture,
            $$"""
            {"guaranteed":true,"epsilon":{{claimed}},"delta":{{terms.Delta}},"unit":"row","max_rows_per_unit":1,"neighbouring":"add_or_remove_one",
             "rows":100,"event":{{Event(claimed)}},"declared":["kinds of all columns"],"bought":["the number of rows"],"outside":["the reader's time"]}
            """)
        : "";

    /// <summary>Laplace noise that spends about epsilon.</summary>
    private static string Event(double epsilon) => string.Create(CultureInfo.InvariantCulture, $$"""[{"type":"laplace","noise_multiplier":{{1 / epsilon}},"count":1}]""");

    private async Task CheckpointAsync()
    {
        var path = await FileAsync(step.ToString(CultureInfo.InvariantCulture));
        await SendAsync(new() { Checkpoint = new() { Path = path, Step = step } });
    }

    private async Task<Artifact> ArtifactAsync() =>
        new() { Role = "model", Path = await FileAsync($"model after {step} steps"), MediaType = "application/octet-stream" };

    private async Task<string> FileAsync(string content)
    {
        var path = Path.Combine(order.ScratchFolder, Guid.NewGuid().ToString("N"));
        await File.WriteAllTextAsync(path, content);
        return path;
    }

    private bool IsMyEpoch(string[] words, int at) => words.Length <= at || Number(words[at]) == order.Epoch;

    private static int Number(string word) => int.Parse(word, CultureInfo.InvariantCulture);

    private Task SendAsync(WorkerOutput output)
    {
        output.Time = Timestamp.FromDateTimeOffset(Time.GetUtcNow());
        return channel.WriteAsync(output).AsTask();
    }

    private async Task ListenAsync()
    {
        while (await channel.ReadAsync() is { } message)
        {
            wish = message.Control?.Wish ?? Control.Types.Wish.Unspecified;
            if (message.Order is { } next) orders.Writer.TryWrite(next);
        }

        Environment.Exit(4);
    }
}
