using Google.Rpc;
using SynthStudio.Api.Errors;

namespace SynthStudio.Api.Tests.Access;

/// <summary>Who calls too often is told when to come back; nobody else notices.</summary>
[TestClass]
public sealed class RequestLimitTests
{
    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    public async Task A_user_has_so_many_calls_at_once_whatever_keys_they_use()
    {
        await using var server = await ApiServer.StartAsync(options => (options.RequestsPerSecond, options.RequestBurst) = (0.05, 3));
        var (user, key) = await server.UserAsync();
        ApiClient[] clients = [server.Client(key), server.Client(await server.KeyAsync(user, SynthStudio.Api.Identity.AccessScope.Admin))];
        for (var i = 0; i < 3; i++) await ListAsync(clients[i % 2]);

        foreach (var client in clients)
        {
            var error = await Assert.ThrowsExactlyAsync<RpcException>(() => ListAsync(client));
            Assert.AreEqual(StatusCode.ResourceExhausted, error.StatusCode);
            Assert.AreEqual(ErrorReasons.RateLimited, error.GetRpcStatus()!.GetDetail<ErrorInfo>().Reason);
            var delay = error.GetRpcStatus()!.GetDetail<RetryInfo>().RetryDelay.ToTimeSpan();
            Assert.IsTrue(delay > TimeSpan.FromSeconds(10) && delay <= TimeSpan.FromSeconds(20), $"{delay}");
        }

        await ListAsync(server.Client((await server.UserAsync()).Key));
        foreach (var client in clients) client.Dispose();
    }

    private async Task ListAsync(ApiClient client) =>
        await client.Projects.ListProjectsAsync(new V1.ListProjectsRequest(), cancellationToken: TestContext.CancellationToken);
}
