
namespace SynthStudio.Api.Tests.Watching;

[TestClass]
public sealed class WatchTests : ApiTest
{
    [TestMethod]
    public async Task Every_event_comes_once_in_order_and_the_stream_ends_with_the_job()
    {
        var (client, generator, worker) = await TrainingAsync();
        for (var i = 1; i <= 20; i++) await worker.ProgressAsync("train", i / 100.0);
        var watching = ReadAsync(client, generator, after: 0);
        for (var i = 21; i <= 40; i++) await worker.ProgressAsync("train", i / 100.0);
        await worker.CompleteAsync(("model", "m"));

        var events = await watching;

        CollectionAssert.AreEqual(Enumerable.Range(1, events.Count).Select(i => (long)i).ToList(), events.Select(e => e.Sequence).ToList());
        Assert.AreEqual(V1.JobState.Succeeded, events[^1].State);
        Assert.IsGreaterThan(40, events.Count);
    }

    [TestMethod]
    public async Task A_watcher_that_comes_back_gets_what_it_missed_and_no_more()
    {
        var (client, generator, worker) = await TrainingAsync();
        for (var i = 1; i <= 10; i++) await worker.ProgressAsync("train", i / 100.0);
        var seen = 0L;
        using (var first = client.Generators.WatchGenerator(new() { Name = generator }))
        {
            while (seen < 5 && await first.ResponseStream.MoveNext(Cancellation)) seen = first.ResponseStream.Current.Sequence;
        } // Gone.

        for (var i = 11; i <= 20; i++) await worker.ProgressAsync("train", i / 100.0);
        await worker.CompleteAsync(("model", "m"));
        var rest = await ReadAsync(client, generator, after: seen);

        Assert.AreEqual(seen + 1, rest[0].Sequence);
        CollectionAssert.AreEqual(Enumerable.Range(0, rest.Count).Select(i => seen + 1 + i).ToList(), rest.Select(e => e.Sequence).ToList());
        var job = (await client.Generators.GetGeneratorAsync(new() { Name = generator })).Training;
        Assert.AreEqual(job.LastSequence, rest[^1].Sequence);
        Assert.IsEmpty(await ReadAsync(client, generator, after: job.LastSequence), "A job that has ended ends its watch at once.");
    }

    [TestMethod]
    public async Task A_slow_watcher_loses_nothing_and_slows_no_one()
    {
        var (client, generator, worker) = await TrainingAsync();
        using var slow = client.Generators.WatchGenerator(new() { Name = generator });
        Assert.IsTrue(await slow.ResponseStream.MoveNext(Cancellation));
        var padding = new string('x', 2000);
        // More than every buffer on the way holds: HTTP/2 windows, the subscriber's channel and the feed's ring.
        for (var i = 0; i < 60; i++)
            await worker.TellAsync([.. Enumerable.Range(0, 50).Select(n => (WorkUpdate)new WorkLogged("information", $"{i}.{n} {padding}"))]);
        await worker.CompleteAsync(("model", "m"));
        var fast = await ReadAsync(client, generator, after: 0);

        List<long> sequences = [slow.ResponseStream.Current.Sequence];
        while (await slow.ResponseStream.MoveNext(Cancellation)) sequences.Add(slow.ResponseStream.Current.Sequence);

        Assert.IsGreaterThan(3000, fast.Count);
        CollectionAssert.AreEqual(fast.Select(e => e.Sequence).ToList(), sequences);
    }

    [TestMethod]
    public async Task Silence_is_broken_by_heartbeats()
    {
        await using var server = await ApiServer.StartAsync(options => options.HeartbeatInterval = TimeSpan.FromSeconds(1));
        var tenant = await Tenant.CreateAsync(server);
        using var client = server.Client(tenant.Key);
        await client.Generators.TrainGeneratorAsync(new() { Name = tenant.Generator });
        using var watch = client.Generators.WatchGenerator(new() { Name = tenant.Generator });

        var beats = 0;
        while (beats < 2 && await watch.ResponseStream.MoveNext(Cancellation))
        {
            var current = watch.ResponseStream.Current;
            if (!current.Heartbeat) continue;
            Assert.AreEqual(0, current.Sequence);
            beats++;
        }

        Assert.AreEqual(2, beats);
    }

    [TestMethod]
    public async Task A_watch_ends_when_its_caller_is_locked_out()
    {
        await using var server = await ApiServer.StartAsync(options => options.HeartbeatInterval = TimeSpan.FromSeconds(1));
        var tenant = await Tenant.CreateAsync(server);
        using var client = server.Client(tenant.Key);
        using var admin = server.Client(server.AdminKey);
        await client.Generators.TrainGeneratorAsync(new() { Name = tenant.Generator });
        using var watch = client.Generators.WatchGenerator(new() { Name = tenant.Generator });
        Assert.IsTrue(await watch.ResponseStream.MoveNext(Cancellation));

        await admin.Identity.DeleteUserAsync(new() { Name = tenant.User, OrphanProjects = true });

        await RefusedAsync(StatusCode.Unauthenticated, "CREDENTIALS_INVALID", async () =>
        {
            while (await watch.ResponseStream.MoveNext(Cancellation))
            {
            }
        });
    }

    [TestMethod]
    public async Task What_cannot_be_watched_says_so()
    {
        var tenant = await Tenant.CreateAsync(Server);
        using var client = Server.Client(tenant.Key);

        await RefusedAsync(StatusCode.FailedPrecondition, "STATE_FORBIDS", () => ReadAsync(client, tenant.Generator, 0));
        await RefusedAsync(StatusCode.NotFound, "RESOURCE_NOT_FOUND", async () =>
        {
            using var watch = client.Jobs.WatchJob(new() { Name = tenant.Project + "/jobs/none" });
            await watch.ResponseStream.MoveNext(Cancellation);
        });
        await RefusedAsync(StatusCode.InvalidArgument, "INVALID_FIELD", async () =>
        {
            using var watch = client.Jobs.WatchJob(new() { Name = tenant.Job, AfterSequence = -1 });
            await watch.ResponseStream.MoveNext(Cancellation);
        });
    }

    [TestMethod]
    public async Task A_training_that_its_generator_has_forgotten_is_found_and_watched_as_it_ended()
    {
        var tenant = await Tenant.CreateAsync(Server);
        using var client = Server.Client(tenant.Key);
        var trainings = new List<string>();
        for (var i = 0; i < 12; i++)
        {
            var training = (await client.Generators.TrainGeneratorAsync(new() { Name = tenant.Generator })).Training.Name;
            await (await Server.Worker.TakeAsync(training)).FailAsync($"REASON_{i}");
            trainings.Add(training);
        }

        Assert.IsNull(await FindAsync(trainings[0]), "Its owner still knows it: this test shows nothing.");
        var job = await client.Jobs.GetJobAsync(new() { Name = trainings[0] });
        using var watch = client.Jobs.WatchJob(new() { Name = trainings[0], AfterSequence = 1 });
        var events = await watch.ResponseStream.ReadAllAsync(Cancellation).ToListAsync(Cancellation);

        Assert.AreEqual((V1.JobState.Failed, "REASON_0"), (job.State, job.Error.Reason));
        CollectionAssert.AreEqual(Enumerable.Range(2, events.Count).Select(i => (long)i).ToList(), events.Select(e => e.Sequence).ToList());
        Assert.AreEqual((V1.JobState.Failed, "REASON_0"), (events[^1].State, events[^1].Error.Reason));

        async Task<JobSnapshot?> FindAsync(string name)
        {
            try
            {
                return await Server.Get<IGrainFactory>().GetGrain<IGeneratorGrain>(tenant.Generator).GetJobAsync(name);
            }
            catch (WorkNotFoundException)
            {
                return null;
            }
        }
    }

    [TestMethod]
    public async Task Two_hundred_watchers_all_see_every_event_in_order()
    {
        var (client, generator, worker) = await TrainingAsync();
        const int Watchers = 200;
        const int Events = 50;
        var started = new CountdownEvent(Watchers);
        var watches = Enumerable.Range(0, Watchers).Select(async _ =>
        {
            using var watch = client.Generators.WatchGenerator(new() { Name = generator });
            var (last, seen) = (0L, new HashSet<double>());
            while (await watch.ResponseStream.MoveNext(Cancellation))
            {
                var current = watch.ResponseStream.Current;
                if (last == 0) started.Signal();
                Assert.AreEqual(last + 1, current.Sequence);
                last = current.Sequence;
                if (current.Metrics.TryGetValue("event", out var number)) seen.Add(number);
            }

            return (Last: last, Seen: seen.Count);
        }).ToList();
        await Task.Run(() => started.Wait(Cancellation), Cancellation);
        for (var i = 0; i < Events; i++) await worker.ProgressAsync("train", 0.5, "event", i);
        await worker.CompleteAsync(("model", "m"));
        var ends = await Task.WhenAll(watches);

        Assert.HasCount(1, ends.Distinct().ToList());
        Assert.AreEqual(Events, ends[0].Seen);
    }

    [TestMethod]
    public async Task Jobs_of_all_kinds_are_watched_by_name()
    {
        var tenant = await Tenant.CreateAsync(Server);
        using var client = Server.Client(tenant.Key);
        var worker = await Server.Worker.TakeAsync(tenant.Job);
        using var watch = client.Jobs.WatchJob(new() { Name = tenant.Job });
        Assert.IsTrue(await watch.ResponseStream.MoveNext(Cancellation));
        Assert.AreEqual(tenant.Job, watch.ResponseStream.Current.Job);

        await worker.FailAsync("EMPTY");

        V1.ProgressEvent last = new();
        while (await watch.ResponseStream.MoveNext(Cancellation)) last = watch.ResponseStream.Current;
        Assert.AreEqual(V1.JobState.Failed, last.State);
        Assert.AreEqual("EMPTY", last.Error.Reason);
    }

    [TestMethod]
    public async Task Drawings_and_evaluations_are_watched_by_what_they_make()
    {
        var (client, generator, trainer) = await TrainingAsync();
        await trainer.CompleteAsync(("model", "m"));
        var project = generator[..generator.IndexOf("/generators/", StringComparison.Ordinal)];
        var drawn = await client.Synthetics.CreateSyntheticDatasetAsync(
            new() { Parent = project, SyntheticDataset = new() { Generator = generator, Rows = 1 } });
        var drawing = await Server.Worker.TakeAsync(drawn.Job);
        await drawing.ProgressAsync("generate", 0.5);
        await drawing.PartAsync(0, "a,b\n1,2\n");
        await drawing.CompleteAsync();
        await EndsAsync(client.Synthetics.WatchSyntheticDataset(new() { Name = drawn.Name }), drawn.Job, V1.JobState.Succeeded, "generate");
        await EventuallyAsync(
            async () => await client.Synthetics.GetSyntheticDatasetAsync(new() { Name = drawn.Name }),
            s => s.State == V1.SyntheticDatasetState.Ready);

        var evaluation = await client.Evaluations.CreateEvaluationAsync(
            new() { Parent = project, Evaluation = new() { Dataset = $"{project}/datasets/d", SyntheticDataset = drawn.Name } });
        var scoring = await Server.Worker.TakeAsync(evaluation.Job);
        await scoring.ProgressAsync("evaluate", 0.25);
        await scoring.FailAsync("EMPTY");
        await EndsAsync(client.Evaluations.WatchEvaluation(new() { Name = evaluation.Name }), evaluation.Job, V1.JobState.Failed, "evaluate");

        async Task EndsAsync(AsyncServerStreamingCall<V1.ProgressEvent> watch, string job, V1.JobState state, string step)
        {
            using var _ = watch;
            List<V1.ProgressEvent> events = [];
            while (await watch.ResponseStream.MoveNext(Cancellation)) events.Add(watch.ResponseStream.Current);
            Assert.IsTrue(events.All(e => e.Job == job));
            Assert.Contains(step, events.Select(e => e.Step).ToList());
            Assert.AreEqual(state, events[^1].State);
        }
    }

    private async Task<(ApiClient Client, string Generator, FakeWorker Worker)> TrainingAsync()
    {
        var tenant = await Tenant.CreateAsync(Server);
        var client = Server.Client(tenant.Key);
        var training = (await client.Generators.TrainGeneratorAsync(new() { Name = tenant.Generator })).Training;
        return (client, tenant.Generator, await Server.Worker.TakeAsync(training.Name));
    }

    private async Task<List<V1.ProgressEvent>> ReadAsync(ApiClient client, string generator, long after)
    {
        using var watch = client.Generators.WatchGenerator(new() { Name = generator, AfterSequence = after });
        List<V1.ProgressEvent> events = [];
        while (await watch.ResponseStream.MoveNext(Cancellation))
            if (!watch.ResponseStream.Current.Heartbeat) events.Add(watch.ResponseStream.Current);
        return events;
    }
}
