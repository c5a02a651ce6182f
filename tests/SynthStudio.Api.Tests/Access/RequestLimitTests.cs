using System.Net;
using Google.Rpc;
using Grpc.Net.Client.Web;
using Microsoft.Extensions.Time.Testing;
using SynthStudio.Api.Errors;
using SynthStudio.Api.Limits;

namespace SynthStudio.Api.Tests.Access;

/// <summary>Who calls too often is told when to come back; nobody else notices.</summary>
[TestClass]
public sealed class RequestLimitTests
{
    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    public async Task A_user_has_so_many_calls_at_once_whatever_keys_they_use()
    {
        await using var server = await ApiServer.StartAsync(options => (options.RequestsPerSecond, options.RequestBurst) = (0.005, 3));
        var (user, key) = await server.UserAsync();
        ApiClient[] clients = [server.Client(key), server.Client(await server.KeyAsync(user, SynthStudio.Api.Identity.AccessScope.Admin))];
        for (var i = 0; i < 3; i++) await ListAsync(clients[i % 2]);

        foreach (var client in clients)
        {
            var error = await Assert.ThrowsExactlyAsync<RpcException>(() => ListAsync(client));
            Assert.AreEqual(StatusCode.ResourceExhausted, error.StatusCode);
            Assert.AreEqual(ErrorReasons.RateLimited, error.GetRpcStatus()!.GetDetail<ErrorInfo>().Reason);
            var delay = error.GetRpcStatus()!.GetDetail<RetryInfo>().RetryDelay.ToTimeSpan();
            Assert.IsTrue(delay > TimeSpan.FromSeconds(100) && delay <= TimeSpan.FromSeconds(200), $"{delay}");
        }

        await ListAsync(server.Client((await server.UserAsync()).Key));
        foreach (var client in clients) client.Dispose();
    }

    [TestMethod]
    public async Task An_address_has_so_many_calls_also_of_those_who_guess_keys_and_is_told_in_every_protocol()
    {
        await using var server = await ApiServer.StartAsync(options => (options.AddressRequestsPerSecond, options.AddressRequestBurst) = (0.005, 6));
        var (_, key) = await server.UserAsync();
        using var guesser = server.Client("ss_local_00000000000000000000_x");
        for (var i = 0; i < 6; i++)
        {
            Assert.AreEqual(
                StatusCode.Unauthenticated, (await Assert.ThrowsExactlyAsync<RpcException>(() => ListAsync(guesser))).StatusCode);
        }

        using var web = new ApiClient(server.HttpAddress, key, new GrpcWebHandler(GrpcWebMode.GrpcWebText, new HttpClientHandler()));
        using var other = server.Client(key);
        foreach (var client in new[] { guesser, other, web })
        {
            var error = await Assert.ThrowsExactlyAsync<RpcException>(() => ListAsync(client));
            Assert.AreEqual(StatusCode.ResourceExhausted, error.StatusCode);
            Assert.AreEqual(ErrorReasons.RateLimited, error.GetRpcStatus()!.GetDetail<ErrorInfo>().Reason);
            Assert.AreEqual("address/127.0.0.1", error.GetRpcStatus()!.GetDetail<ErrorInfo>().Metadata["subject"]);
            Assert.IsGreaterThan(50, error.GetRpcStatus()!.GetDetail<RetryInfo>().RetryDelay.Seconds);
        }

        using var http = server.Http(null);
        using var answer = await http.GetAsync("/v1/serverInfo", TestContext.CancellationToken);
        Assert.AreEqual(HttpStatusCode.TooManyRequests, answer.StatusCode);
        Assert.IsInRange(50, 200, (int)answer.Headers.RetryAfter!.Delta!.Value.TotalSeconds);
        Assert.Contains("RATE_LIMITED", await answer.Content.ReadAsStringAsync(TestContext.CancellationToken));
    }

    [TestMethod]
    public async Task Whoever_has_no_calls_left_has_none_when_others_come_in_great_number_and_what_filled_up_is_forgotten()
    {
        var time = new FakeTimeProvider();
        var limiter = new LocalRequestLimiter(time);
        BucketRate slow = new(0.001, 1), quick = new(100, 10);
        Assert.AreEqual(TimeSpan.Zero, await limiter.TakeAsync("users/eager", slow));

        for (var crowd = 0; crowd < 5; crowd++)
        {
            for (var i = 0; i < 10_000; i++) await limiter.TakeAsync($"address/{crowd}.{i}", quick);
            Assert.IsGreaterThan(TimeSpan.FromMinutes(10), await limiter.TakeAsync("users/eager", slow), $"{crowd}");
            time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.IsLessThan(20_002, limiter.Count);
    }

    [TestMethod]
    public async Task Only_trusted_proxies_say_whose_call_it_is()
    {
        await using var open = await ApiServer.StartAsync(options => (options.AddressRequestsPerSecond, options.AddressRequestBurst) = (0.01, 2));
        Assert.AreEqual(HttpStatusCode.OK, await AskAsync(open, "1.1.1.1"));
        Assert.AreEqual(HttpStatusCode.OK, await AskAsync(open, "2.2.2.2"));
        Assert.AreEqual(HttpStatusCode.TooManyRequests, await AskAsync(open, "3.3.3.3"), "What a caller claims is not believed.");

        await using var behind = await ApiServer.StartAsync(options =>
        {
            (options.AddressRequestsPerSecond, options.AddressRequestBurst) = (0.01, 2);
            options.TrustedProxies.Add("127.0.0.0/8");
            options.TrustedProxies.Add("10.1.1.1");
        });
        for (var i = 0; i < 2; i++) Assert.AreEqual(HttpStatusCode.OK, await AskAsync(behind, "1.1.1.1"));
        Assert.AreEqual(HttpStatusCode.TooManyRequests, await AskAsync(behind, "1.1.1.1"));
        Assert.AreEqual(HttpStatusCode.OK, await AskAsync(behind, "2.2.2.2"));
        Assert.AreEqual(HttpStatusCode.TooManyRequests, await AskAsync(behind, "9.9.9.9, 1.1.1.1, 10.1.1.1"), "What is left of the first stranger is what that one claims.");
        Assert.AreEqual(HttpStatusCode.OK, await AskAsync(behind, "2001:db8:1:2::1"));
        Assert.AreEqual(HttpStatusCode.OK, await AskAsync(behind, "2001:db8:1:2::2"));
        Assert.AreEqual(HttpStatusCode.TooManyRequests, await AskAsync(behind, "2001:db8:1:2:ffff::3"), "A network of 64 bits is one caller.");
    }

    [TestMethod]
    public async Task A_user_has_so_many_streams_at_once_and_an_ended_one_makes_room()
    {
        await using var server = await ApiServer.StartAsync(options => options.MaxStreams = 2);
        var tenant = await Tenant.CreateAsync(server);
        using var client = server.Client(tenant.Key);
        var first = client.Jobs.WatchJob(new() { Name = tenant.Job });
        using var second = client.Jobs.WatchJob(new() { Name = tenant.Job });
        foreach (var stream in new[] { first, second }) Assert.IsTrue(await stream.ResponseStream.MoveNext(TestContext.CancellationToken));

        using var third = client.Jobs.WatchJob(new() { Name = tenant.Job });
        var error = await Assert.ThrowsExactlyAsync<RpcException>(() => third.ResponseStream.MoveNext(TestContext.CancellationToken));
        Assert.AreEqual(StatusCode.ResourceExhausted, error.StatusCode);
        Assert.IsNotNull(error.GetRpcStatus()!.GetDetail<RetryInfo>());
        using var upload = client.Uploads.WriteUpload();
        Assert.AreEqual(StatusCode.ResourceExhausted, (await Assert.ThrowsExactlyAsync<RpcException>(() => upload.ResponseAsync)).StatusCode, "Uploads are streams too.");
        await client.Jobs.GetJobAsync(new() { Name = tenant.Job });

        using var otherUser = server.Client(server.AdminKey);
        using var others = otherUser.Jobs.WatchJob(new() { Name = tenant.Job });
        Assert.IsTrue(await others.ResponseStream.MoveNext(TestContext.CancellationToken));

        first.Dispose();
        for (var tries = 0; ; tries++)
        {
            using var again = client.Jobs.WatchJob(new() { Name = tenant.Job });
            try
            {
                Assert.IsTrue(await again.ResponseStream.MoveNext(TestContext.CancellationToken));
                break;
            }
            catch (RpcException e) when (e.StatusCode == StatusCode.ResourceExhausted && tries < 6000)
            {
                await Task.Delay(20, TestContext.CancellationToken);
            }
        }
    }

    [TestMethod]
    public async Task Places_are_counted_right_whoever_comes_and_goes()
    {
        var limiter = new LocalStreamLimiter();
        var (open, most) = (0, 0);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < 5000; i++)
            {
                if (await limiter.TryEnterAsync("a", 3) is not { } place) continue;
                most = Math.Max(most, Interlocked.Increment(ref open));
                Interlocked.Decrement(ref open);
                await place.DisposeAsync();
                await place.DisposeAsync(); // Given back once.
            }
        })));
        Assert.IsInRange(1, 3, most);
        for (var i = 0; i < 3; i++) Assert.IsNotNull(await limiter.TryEnterAsync("a", 3));
        Assert.IsNull(await limiter.TryEnterAsync("a", 3));
    }

    private async Task<HttpStatusCode> AskAsync(ApiServer server, string forwardedFor)
    {
        using var http = server.Http(null);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/serverInfo");
        request.Headers.Add("X-Forwarded-For", forwardedFor);
        using var answer = await http.SendAsync(request, TestContext.CancellationToken);
        return answer.StatusCode;
    }

    private async Task ListAsync(ApiClient client) =>
        await client.Projects.ListProjectsAsync(new V1.ListProjectsRequest(), cancellationToken: TestContext.CancellationToken);
}
