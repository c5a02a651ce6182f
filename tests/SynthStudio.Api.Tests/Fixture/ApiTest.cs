using Google.Rpc;
using SynthStudio.Api.Errors;
using SynthStudio.Catalog;

namespace SynthStudio.Api.Tests.Fixture;

/// <summary>A test against the server that all tests share. Fails when the server logged an error that the test did not announce.</summary>
public abstract class ApiTest
{
    private static readonly Lazy<Task<ApiServer>> Shared = new(() => ApiServer.StartAsync());

    private CancellationTokenSource? _limit;

    public TestContext TestContext { get; set; } = null!;

    protected ApiServer Server { get; private set; } = null!;

    /// <summary>Ends what hangs.</summary>
    protected CancellationToken Cancellation => _limit!.Token;

    [TestInitialize]
    public async Task StartAsync()
    {
        Server = await Shared.Value;
        _limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.CancellationToken);
        await Midnight.LetPassAsync(TestContext.CancellationToken);
        _limit.CancelAfter(TimeSpan.FromMinutes(5));
    }

    [TestCleanup]
    public void CheckLogs()
    {
        _limit?.Dispose();
        var unexpected = Server.Logs.TakeUnexpected();
        if (unexpected.Count > 0) Assert.Fail(string.Join(Environment.NewLine, unexpected));
    }

    /// <summary>A new user with a client and a project of theirs.</summary>
    protected async Task<(ApiClient Client, string Project)> OwnerAsync()
    {
        var client = Server.Client((await Server.UserAsync()).Key);
        return (client, await client.ProjectAsync());
    }

    /// <summary>The key of a new user with a role in a tenant's project.</summary>
    protected async Task<string> MemberAsync(Tenant tenant, ProjectRole role)
    {
        var (user, key) = await Server.UserAsync();
        await Server.Get<ProjectStore>().SetRoleAsync(tenant.Project, user, role);
        return key;
    }

    /// <summary>Sets who of a tenant's project may see real rows.</summary>
    protected static Task<V1.DataPolicy> PolicyAsync(ApiClient client, Tenant tenant, V1.RealRowAccess access) => client.Datasets.UpdateDataPolicyAsync(
        new() { DataPolicy = new() { Name = $"{tenant.Project}/dataPolicy", RealRows = access } }).ResponseAsync;

    /// <summary>Asks until the answer is as it should be, for some minutes at most.</summary>
    protected async Task<T> EventuallyAsync<T>(Func<Task<T>> ask, Func<T, bool> isRight)
    {
        for (var i = 0; ; i++)
        {
            var answer = await ask();
            if (isRight(answer)) return answer;
            if (i == 6000) Assert.Fail($"It stayed {answer}.");
            await Task.Delay(20, Cancellation);
        }
    }

    /// <summary>Sends on a stream whose server may refuse it before it has all: why it did, the call tells, and not what is thrown here.</summary>
    protected internal static async Task SendAsync(Func<Task> send)
    {
        try
        {
            await send();
        }
        catch (Exception e) when (e is InvalidOperationException or RpcException)
        {
            // It was answered before everything was sent.
        }
    }

    /// <summary>Expects a rich error and answers its ErrorInfo.</summary>
    protected static async Task<(RpcException Error, ErrorInfo Info)> RefusedAsync(StatusCode code, string? reason, Func<Task> call)
    {
        var error = await Assert.ThrowsAsync<RpcException>(call);
        Assert.AreEqual(code, error.StatusCode, error.Status.Detail);
        var info = error.GetRpcStatus()?.GetDetail<ErrorInfo>();
        Assert.IsNotNull(info, "Every error has an ErrorInfo.");
        Assert.AreEqual(ErrorReasons.Domain, info.Domain);
        if (reason is not null) Assert.AreEqual(reason, info.Reason);
        return (error, info);
    }
}
