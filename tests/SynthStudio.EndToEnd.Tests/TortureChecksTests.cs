using System.Net;
using Grpc.Core;
using Grpc.Net.Client;
using SynthStudio.ClusterTorture;
using SynthStudio.Orchestration;
using LoggedEvent = SynthStudio.Orchestration.ProgressEvent;
using Verdict = SynthStudio.ClusterTorture.Verdict;

namespace SynthStudio.EndToEnd.Tests;

/// <summary>What the torture of a cluster takes for kept, for broken and for hit, each by what is planted.</summary>
[TestClass]
public sealed class TortureChecksTests
{
    private const string Job = "projects/p/jobs/j";

    [TestMethod]
    public async Task A_piece_on_any_page_of_a_listing_is_looked_at()
    {
        var pages = new Dictionary<string, (IEnumerable<string> Keys, string? Next)>
        {
            [""] = (["a", "b"], "2"), ["2"] = ([], "3"), ["3"] = (["c"], null),
        };

        var all = await DataChecks.AllPagesAsync(next => Task.FromResult(pages[next ?? ""]));

        CollectionAssert.AreEqual(new[] { "a", "b", "c" }, all);
    }

    [TestMethod]
    [DataRow(StatusCode.Internal)]
    [DataRow(StatusCode.Unknown)]
    public async Task A_server_that_says_INTERNAL_or_UNKNOWN_breaks_a_promise_also_where_it_gives_no_reason(StatusCode said)
    {
        var journal = new Journal();

        var refusal = await RefusalAsync(() => Refused(said));

        Assert.AreEqual(said, refusal.StatusCode);
        Assert.Throws<TortureException>(() => Noting(journal).Note(refusal));
        Assert.StartsWith($"{said} transport", journal.WrongAnswers.Single());
    }

    [TestMethod]
    public async Task What_this_side_makes_of_a_connection_that_breaks_is_tried_again()
    {
        var journal = new Journal();

        var refusal = await RefusalAsync(() => throw new InvalidOperationException("The stream is gone."));
        Noting(journal).Note(refusal);

        Assert.AreEqual(StatusCode.Internal, refusal.StatusCode);
        Assert.IsEmpty(journal.WrongAnswers);
        Assert.AreEqual(1, journal.Refusals["Internal transport"]);
    }

    [TestMethod]
    public async Task A_fault_that_strikes_nothing_is_struck_again_while_there_is_time_and_counts_for_none()
    {
        var plan = new PlannedFault(1, TimeSpan.Zero, FaultKind.KillWorker, 7, TimeSpan.Zero);
        var struck = new List<StruckFault>();

        await FaultStriker.UntilHitAsync(plan, StrikeAsync, isTime: () => true);
        await FaultStriker.UntilHitAsync(plan with { Target = 0 }, StrikeAsync, isTime: () => false);

        CollectionAssert.AreEqual(new[] { 7, 8, 9, 0 }, struck.Select(f => f.Plan.Target).ToList());
        var recovery = Recoveries.Of(struck, new Journal()).Single();
        Assert.AreEqual(1, recovery.Faults);
        Assert.AreEqual(3, recovery.Missed);
        Assert.AreEqual(1, new Verdict([], [recovery], [], []).Faults);

        Task<StruckFault> StrikeAsync(PlannedFault fault)
        {
            struck.Add(new(fault, "worker", TimeSpan.Zero, TimeSpan.Zero, [], Hit: fault.Target == 9));
            return Task.FromResult(struck[^1]);
        }
    }

    [TestMethod]
    [DataRow(100, FaultKind.KillWorker, true, 0)]
    [DataRow(250, FaultKind.KillWorker, true, 0)]
    [DataRow(100, FaultKind.KillWorker, false, 1)]
    [DataRow(100, FaultKind.KillRedis, true, 1)]
    [DataRow(5, FaultKind.KillWorker, true, 1)]
    [DataRow(301, FaultKind.KillWorker, true, 1)]
    public void Only_what_hit_while_a_job_lived_excuses_its_failure(int second, FaultKind kind, bool hit, int broken)
    {
        var journal = new Journal();
        journal.Jobs[Job] = new(Job, JobKind.Training, "generator");
        var watch = new WatchedJob(Job) { Ended = true };
        watch.Add(new() { Sequence = 1, State = JobState.Running }, TimeSpan.FromSeconds(150));
        watch.Add(new() { Sequence = 2, State = JobState.Failed }, TimeSpan.FromSeconds(300));
        journal.Watches.Add(watch);
        var books = Books(
            Logged(1, WorkState.Running), Logged(2, WorkState.Failed) with { Error = new(WorkErrorClass.Resource, "WORKER_CRASHED", "") });
        var at = TimeSpan.FromSeconds(second);

        var finding = JobChecks.Failures(journal, books, [new(new(1, at, kind, 0, TimeSpan.Zero), "worker", at, at, [], hit)]);

        Assert.HasCount(broken, finding.Broken);
    }

    [TestMethod]
    public void A_training_is_at_work_again_when_it_takes_steps_and_not_when_it_repeats_those_of_before()
    {
        var journal = new Journal();
        var watch = new WatchedJob(Job);
        Told(10, 1, "train", step: 100, "Checkpoint at step 100");
        Told(20, 1, "train", step: 180);
        Told(40, 2, "train", step: 180); // It starts, and tells what was.
        Told(42, 2, "ingest", step: 180);
        Told(44, 2, "train", step: 180);
        Told(46, 2, "train", step: 100); // From here it goes on.
        journal.Watches.Add(watch);
        var (at, nothing) = (TimeSpan.FromSeconds(30), Array.Empty<TimeSpan>());
        StruckFault[] struck = [new(new(1, at, FaultKind.KillSilo, 0, TimeSpan.Zero), "silo-1", at, at, [(Job, 1)])];

        CollectionAssert.AreEqual(nothing, Recoveries.Of(struck, journal).Single().Moved.ToList());

        Told(51, 2, "train", step: 120);
        CollectionAssert.AreEqual(new[] { TimeSpan.FromSeconds(21) }, Recoveries.Of(struck, journal).Single().Moved.ToList());

        void Told(int second, int attempt, string name, double step, string message = "") => watch.Add(
            new()
            {
                Sequence = watch.LastSequence + 1, State = JobState.Running, Attempt = attempt, Step = name, Message = message,
                Metrics = { ["optimiser_step"] = step },
            },
            TimeSpan.FromSeconds(second));
    }

    [TestMethod]
    [DataRow(1, 1, 1, 1, 2, 4, "")]
    [DataRow(1, 2, 2, 4, 1, 1, "epoch 1 after 4 at 3")]
    [DataRow(1, 1, 2, 1, 2, 1, "attempts 1 and 2 under epoch 1 at 2")]
    [DataRow(1, 1, 1, 2, 1, 2, "epochs 1 and 2 in attempt 1 at 2")]
    public void Each_attempt_has_a_lease_of_its_own_and_none_tells_after_a_newer_one(
        int attempt1, int epoch1, int attempt2, int epoch2, int attempt3, int epoch3, string broken)
    {
        var books = Books(Told(1, attempt1, epoch1), Told(2, attempt2, epoch2), Logged(3, WorkState.Queued), Told(3, attempt3, epoch3));

        var finding = LeaseCheck.Run(books, []);

        Assert.AreEqual(3, finding.Looked);
        Assert.AreEqual(broken.Length > 0 ? $"{Job}: {broken}" : "", string.Join("; ", finding.Broken));

        static LoggedEvent Told(long sequence, int attempt, int epoch) =>
            Logged(sequence, WorkState.Running) with { Attempt = attempt, Update = new(new(epoch), sequence) };
    }

    [TestMethod]
    [DataRow(60, 4, 0)]
    [DataRow(60, 2, 1)]
    [DataRow(32, 2, 0)]
    public void A_lease_that_a_fault_found_in_the_queue_is_none_of_before(int second, int epoch, int broken)
    {
        var finding = LeaseCheck.Run(Books(), [Found(30, 3), Found(second, epoch)]);

        Assert.AreEqual(2, finding.Looked);
        Assert.HasCount(broken, finding.Broken);

        static StruckFault Found(int second, int epoch)
        {
            var at = TimeSpan.FromSeconds(second);
            return new(new(1, at, FaultKind.KillSilo, 0, TimeSpan.Zero), "silo-1", at, at, [(Job, epoch)]);
        }
    }

    private static JobBooks Books(params LoggedEvent[] log) =>
        JobBooks.Of(new Dictionary<string, IReadOnlyList<LoggedEvent>> { [Job] = log });

    private static LoggedEvent Logged(long sequence, WorkState state) =>
        new() { Sequence = sequence, Time = DateTimeOffset.UnixEpoch, State = state };

    private static Client Noting(Journal journal) => new([], journal, 0, CancellationToken.None);

    private static async Task<RpcException> RefusalAsync(Func<HttpResponseMessage> answer)
    {
        using var server = new PlayedServer(answer);
        using var channel = GrpcChannel.ForAddress("http://played", new GrpcChannelOptions { HttpHandler = server });
        var jobs = new Studio(channel).Jobs;
        return await Assert.ThrowsAsync<RpcException>(async () => await jobs.GetJobAsync(new GetJobRequest { Name = Job }));
    }

    private static HttpResponseMessage Refused(StatusCode status)
    {
        var content = new ByteArrayContent([]);
        content.Headers.ContentType = new("application/grpc");
        var answer = new HttpResponseMessage(HttpStatusCode.OK) { Content = content, Version = HttpVersion.Version20 };
        answer.Headers.Add("grpc-status", ((int)status).ToString(System.Globalization.CultureInfo.InvariantCulture));
        return answer;
    }

    /// <summary>A server that answers every call so.</summary>
    private sealed class PlayedServer(Func<HttpResponseMessage> answer) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            await Task.Yield();
            var answered = answer();
            answered.RequestMessage = request;
            return answered;
        }
    }
}
