using System.Security.Cryptography;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace SynthStudio.ClusterTorture;

/// <summary>
/// One user: uploads tables, trains generators on them (plain and private), pauses, resumes and cancels some of them, draws rows, deletes generators and
/// brings some back, and watches all of it, twice. Begins with one of each; what comes then follows from the seed.
/// </summary>
internal sealed class User(
    TortureCluster cluster, Journal journal, string project, int number, int seed, bool removes, Func<TimeSpan> now, CancellationToken giveUp)
{
    private const double Budget = 100, Price = 0.5, Delta = 1e-9;

    /// <summary>Where the dice decide, a share of all.</summary>
    private const double Uploads = 0.2, Draws = 0.35, Removes = 0.15, Private = 0.4, Cancelled = 0.15, Paused = 0.2, Accelerated = 0.5;

    /// <summary>
    /// Methods that are done in time or refuse are done in it, also while every process of the cluster starts again on two cores: a refusal
    /// would be a failed job.
    /// </summary>
    private static readonly TimeSpan TrainingTime = TimeSpan.FromSeconds(15);

    private readonly Random _dice = new((seed * 1000) + number); // Not HashCode: that differs from process to process.
    private readonly Client _client = new(cluster.Replicas, journal, number, giveUp);
    private readonly List<string> _datasets = [];
    private readonly List<string> _models = [];
    private readonly Dictionary<string, AcknowledgedJob> _undrawn = [];
    private bool _accelerated;

    /// <summary>Goes on until it is told to stop, and then finishes what it has begun.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        var first = new Queue<Func<Task>>(
            [UploadAsync, () => TrainAsync(isPrivate: true, _dice.NextDouble()), () => TrainAsync(isPrivate: false, fate: 1), DrawAsync]);
        if (removes)
        {
            first.Enqueue(() => TrainAsync(isPrivate: false, fate: 1));
            first.Enqueue(RemoveAsync);
        }

        while (first.Count > 0 || !stop.IsCancellationRequested)
        {
            try
            {
                await (first.TryDequeue(out var next) ? next() : ChooseAsync());
            }
            catch (TortureException)
            {
                // It is in the journal; the user goes on.
            }
        }
    }

    private Task ChooseAsync() => _datasets.Count == 0 || _dice.NextDouble() < Uploads ? UploadAsync()
        : _models.Count > 0 && _dice.NextDouble() < Draws ? DrawAsync()
        : removes && _undrawn.Count > 0 && _dice.NextDouble() < Removes ? RemoveAsync()
        : TrainAsync(_dice.NextDouble() < Private, _dice.NextDouble());

    private async Task UploadAsync()
    {
        var rows = _dice.Next(300, 1500);
        var content = VisitsTable.Make(_dice, rows);
        var dataset = await _client.UploadAsync(project, content, VisitsTable.Schema(rows), NewId());
        journal.Uploads[dataset.Name] = new(dataset.Name, content);
        if ((await FollowAsync(new(dataset.Job, JobKind.Profiling, dataset.Name)))?.State != JobState.Succeeded) return;

        var request = new SetPrivacyBudgetRequest
        {
            PrivacyBudget = new PrivacyBudget { Name = $"{dataset.Name}/privacyBudget", Epsilon = Budget, Delta = 1e-3 }, RequestId = NewId().ToString("D"),
        };
        await _client.AskAsync(async _ => await new PrivacyService.PrivacyServiceClient(_client.Channel).SetPrivacyBudgetAsync(request, _client.Limits));
        _datasets.Add(dataset.Name);
    }

    private async Task TrainAsync(bool isPrivate, double fate)
    {
        if (_datasets.Count == 0) return; // It could not be read: that is in the journal.
        var dataset = _datasets[_dice.Next(_datasets.Count)];
        var wanted = new Generator
        {
            Dataset = dataset, HoldBack = HoldBack.Nothing, MaxTime = Duration.FromTimeSpan(TrainingTime),
            Method = isPrivate ? Choose("mst", "dp-autoregressive") : Choose("copula", "cart", "autoregressive"),
            Accelerator = "any",
            PrivacyTerms = isPrivate ? new PrivacyTerms { Epsilon = Price, Delta = Delta } : null,
        };
        if (!isPrivate && (_dice.NextDouble() < Accelerated || !_accelerated)) (wanted.Accelerator, _accelerated) = (TortureCluster.Accelerator, true);
        var creation = new CreateGeneratorRequest { Parent = project, Generator = wanted, RequestId = NewId().ToString("D") };
        var generator = await _client.AskAsync(async studio => await studio.Generators.CreateGeneratorAsync(creation, _client.Limits));
        var start = new TrainGeneratorRequest { Name = generator.Name, Priority = _dice.Next(1, 6), RequestId = NewId().ToString("D") };
        var training = (await _client.AskAsync(async studio => await studio.Generators.TrainGeneratorAsync(start, _client.Limits))).Training;

        var job = new AcknowledgedJob(training.Name, JobKind.Training, generator.Name) 
        {
            PrivateDataset = isPrivate ? dataset : "", NeedsAccelerator = wanted.Accelerator == TortureCluster.Accelerator,
        };
        var watching = FollowAsync(job);
        if (fate < Cancelled) await CancelAsync(job, watching);
        else if (fate < Cancelled + Paused) await PauseAsync(generator.Name, watching);
        if ((await watching)?.State != JobState.Succeeded) return;
        _models.Add(generator.Name);
        _undrawn[generator.Name] = job;
    }

    /// <summary>Deletes a generator that no rows were drawn from, and then leaves it there, brings it back, or removes it for good.</summary>
    private async Task RemoveAsync()
    {
        if (_undrawn.Count == 0) return; // A training that failed is in the journal.
        var (generator, job) = _undrawn.ElementAt(_dice.Next(_undrawn.Count));
        var removal = (Removal)_dice.Next(job.PrivateDataset.Length > 0 ? 2 : 3); // The log of a private training tells what its reservation must be.
        var (deletion, second) = (NewId().ToString("D"), NewId().ToString("D"));
        _undrawn.Remove(generator);
        await _client.AskAsync(async studio => await studio.Generators.DeleteGeneratorAsync(
            new DeleteGeneratorRequest { Name = generator, RequestId = deletion }, _client.Limits));
        if (removal == Removal.BroughtBack)
        {
            await _client.AskAsync(async studio => await studio.Generators.UndeleteGeneratorAsync(
                new UndeleteGeneratorRequest { Name = generator, RequestId = second }, _client.Limits));
        }
        else
        {
            _models.Remove(generator);
        }

        if (removal == Removal.Purged)
        {
            job.PurgeAsked = true;
            await _client.AskAsync(async studio => await studio.Generators.PurgeGeneratorAsync(
                new PurgeGeneratorRequest { Name = generator, RequestId = second }, _client.Limits));
        }

        journal.Removals.Add(new(generator, removal));
    }

    private async Task CancelAsync(AcknowledgedJob job, Task watching)
    {
        var request = new CancelJobRequest { Name = job.Name, RequestId = NewId().ToString("D") };
        await WaitAsync(_dice.NextDouble() * 8, watching);
        job.CancelAsked = true;
        await _client.AskAsync(async studio => await studio.Jobs.CancelJobAsync(request, _client.Limits));
    }

    private async Task PauseAsync(string generator, Task watching)
    {
        var (pause, resume) = (new PauseGeneratorRequest { Name = generator, RequestId = NewId().ToString("D") }, NewId());
        await WaitAsync(_dice.NextDouble() * 6, watching);
        var rest = _dice.NextDouble() * 5;
        try
        {
            await _client.AskAsync(async studio => await studio.Generators.PauseGeneratorAsync(pause, _client.Limits), IsForbidden);
        }
        catch (RpcException)
        {
            return; // It has ended.
        }

        await WaitAsync(rest, watching);
        while (!watching.IsCompleted)
        {
            try
            {
                var request = new ResumeGeneratorRequest { Name = generator, RequestId = resume.ToString("D") };
                await _client.AskAsync(async studio => await studio.Generators.ResumeGeneratorAsync(request, _client.Limits), IsForbidden);
                return;
            }
            catch (RpcException)
            {
                await WaitAsync(0.5, watching); // It is on its way to the pause still, or has ended.
            }
        }
    }

    private async Task DrawAsync()
    {
        if (_models.Count == 0) return;
        var (rows, model) = (_dice.Next(50, 400), _models[_dice.Next(_models.Count)]);
        _undrawn.Remove(model);
        var request = new CreateSyntheticDatasetRequest
        {
            Parent = project, RequestId = NewId().ToString("D"),
            SyntheticDataset = new SyntheticDataset { Generator = model, Rows = rows, Seed = _dice.Next() },
        };
        var drawn = await _client.AskAsync(async studio => await studio.SyntheticDatasets.CreateSyntheticDatasetAsync(request, _client.Limits));
        if ((await FollowAsync(new(drawn.Job, JobKind.Generation, drawn.Name)))?.State != JobState.Succeeded) return;

        var csv = await _client.AskAsync(studio => ReadRowsAsync(studio, drawn.Name, _client.Limits));
        if (csv.Count(b => b == '\n') - 1 is var got && got != rows) journal.WrongAnswers.Add($"{drawn.Name} has {got} rows, not {rows}.");
        journal.Rows.Add(new(drawn.Name, rows, SHA256.HashData(csv)));
    }

    /// <summary>All rows of a synthetic data set, as CSV.</summary>
    public static async Task<byte[]> ReadRowsAsync(Studio studio, string synthetic, CallOptions limits)
    {
        using var call = studio.SyntheticDatasets.StreamRows(new StreamRowsRequest { Name = synthetic }, limits);
        using var csv = new MemoryStream();
        while (await call.ResponseStream.MoveNext(limits.CancellationToken)) call.ResponseStream.Current.Csv.WriteTo(csv);
        return csv.ToArray();
    }

    /// <summary>Two watchers, at different replicas; answers the last event that the first one saw.</summary>
    private async Task<SeenEvent?> FollowAsync(AcknowledgedJob job)
    {
        journal.Jobs[job.Name] = job;
        var ends = await Task.WhenAll(Enumerable.Range(0, 2).Select(turn =>
            new Watcher(new Client(cluster.Replicas, journal, number + turn, giveUp), journal, now).FollowAsync(job.Name)));
        return ends[0];
    }

    private async Task WaitAsync(double seconds, Task unless) => await Task.WhenAny(unless, Task.Delay(TimeSpan.FromSeconds(seconds), giveUp));

    private Guid NewId()
    {
        var bytes = new byte[16];
        _dice.NextBytes(bytes);
        return new Guid(bytes);
    }

    private string Choose(params string[] methods) => methods[_dice.Next(methods.Length)];

    private static bool IsForbidden(RpcException e) => e.StatusCode == StatusCode.FailedPrecondition && Client.ReasonOf(e) == "STATE_FORBIDS";
}
