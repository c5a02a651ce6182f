using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using SynthStudio.Api.Idempotency;
using SynthStudio.Api.Identity;
using SynthStudio.Api.Lifecycle;
using SynthStudio.Catalog;
using SynthStudio.Storage;

namespace SynthStudio.Api.Tests.Resources;

/// <summary>What ends by itself does so by the clock of the database: those of replicas may be wrong, or be set.</summary>
[TestClass]
public sealed class DatabaseClockTests : ApiTest
{
    [TestMethod]
    public async Task What_has_time_left_by_the_databases_clock_is_neither_discarded_nor_purged()
    {
        await using var server = await ApiServer.StartAsync(options =>
        {
            options.UploadLifetime = TimeSpan.FromMilliseconds(1);
            options.ProjectGrace = TimeSpan.FromMilliseconds(1);
        });
        using var client = server.Client((await server.UserAsync()).Key);
        var (project, deleted) = (await client.ProjectAsync(), await client.ProjectAsync());
        var upload = await client.Uploads.CreateUploadAsync(new() { Parent = project, Upload = new() { FileName = "t.csv" } });
        await client.Projects.DeleteProjectAsync(new() { Name = deleted });
        await Task.Delay(5, Cancellation);
        var earlier = SetClock.Of(server.Get<ILeaseStore>(), TimeProvider.System.GetUtcNow().AddHours(-1));
        var early = ActivatorUtilities.CreateInstance<ProjectLifecycle>(server.Services, earlier);

        Assert.AreEqual(0, await early.DiscardUploadsAsync(Cancellation));
        await early.RunAsync(Cancellation);

        Assert.AreEqual(upload.State, (await client.Uploads.GetUploadAsync(new() { Name = upload.Name })).State);
        Assert.IsNotNull(await server.Get<ProjectStore>().FindAnyAsync(deleted, Cancellation));
        var lifecycle = server.Get<ProjectLifecycle>();
        Assert.AreEqual(1, await lifecycle.DiscardUploadsAsync(Cancellation));
        await lifecycle.RunAsync(Cancellation);
        Assert.IsNull(await server.Get<ProjectStore>().FindAnyAsync(deleted, Cancellation));
    }

    [TestMethod]
    public async Task A_replica_whose_clock_is_hours_ahead_removes_no_bytes_of_an_upload_that_is_being_begun()
    {
        await using var server = await ApiServer.StartAsync();
        var uploads = server.Get<IUploadStore>();
        var begun = await uploads.CreateAsync(null, Cancellation); // Nobody knows of it yet.
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow().AddHours(2));
        using var ahead = ActivatorUtilities.CreateInstance<Housekeeping>(server.Services, clock);

        await ahead.RunOnceAsync(Cancellation);

        Assert.AreEqual(0, await uploads.GetCommittedSizeAsync(begun, Cancellation));
    }

    [TestMethod]
    public async Task A_replica_whose_clock_is_ahead_does_not_run_again_what_another_one_is_running()
    {
        await using var server = await ApiServer.StartAsync();
        var tenant = await Tenant.CreateAsync(server);
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow().AddMinutes(1));
        var here = server.Get<RequestIdInterceptor>();
        var ahead = ActivatorUtilities.CreateInstance<RequestIdInterceptor>(server.Services, clock);
        var request = new V1.UpdateDatasetRequest { Dataset = new() { Name = tenant.Dataset }, RequestId = Guid.NewGuid().ToString() };
        var (begun, end) = (new TaskCompletionSource(), new TaskCompletionSource<V1.Dataset>());
        var running = here.UnaryServerHandler<V1.UpdateDatasetRequest, V1.Dataset>(request, Call(), (_, _) =>
        {
            begun.SetResult();
            return end.Task;
        });
        await begun.Task.WaitAsync(Cancellation);

        await RefusedAsync(StatusCode.Unavailable, "REQUEST_IN_PROGRESS", RepeatAsync);

        end.SetResult(new V1.Dataset { Name = tenant.Dataset });
        Assert.AreEqual(tenant.Dataset, (await running).Name);

        Task RepeatAsync() => ahead.UnaryServerHandler<V1.UpdateDatasetRequest, V1.Dataset>(
            request, Call(), (_, _) => throw new NotSupportedException("It runs."));

        MadeUpCall Call()
        {
            var call = new MadeUpCall("/synthstudio.v1.DatasetService/UpdateDataset", Cancellation);
            new Caller(tenant.User, UserRole.User, AccessScope.Admin, "", DateTimeOffset.MaxValue).AttachTo(call);
            return call;
        }
    }
}
