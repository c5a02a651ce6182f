using Google.Rpc;
using Microsoft.AspNetCore.Http;
using SynthStudio.Api.Limits;

namespace SynthStudio.Api.Tests.Access;

/// <summary>Calls that take too long are broken off by the server, and those that walk audit trails have few places.</summary>
[TestClass]
public sealed class CallTimeTests : ApiTest
{
    [TestMethod]
    public async Task A_call_without_deadline_ends_all_the_same_and_says_so()
    {
        await using var server = await ApiServer.StartAsync(options => options.CallTimeLimit = TimeSpan.FromSeconds(1));
        var chain = InterceptorChain.Of(server.Services, name => name == nameof(CallTimeInterceptor));
        using var call = new CancellationTokenSource();

        var (error, _) = await RefusedAsync(StatusCode.DeadlineExceeded, "DEADLINE_EXCEEDED", () => chain.UnaryServerHandler("", new Call("ProjectService/GetProject", call.Token), WaitAsync));

        Assert.Contains("CallTimeLimit", error.Status.Detail);
        await call.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(() => chain.UnaryServerHandler("", new Call("ProjectService/GetProject", call.Token), WaitAsync)); // Who left knows.

        static async Task<string> WaitAsync(string request, ServerCallContext context)
        {
            Assert.IsNotNull(context.GetHttpContext());
            await Task.Delay(Timeout.Infinite, context.CancellationToken);
            return "";
        }
    }

    [TestMethod]
    [DataRow("UploadService/UploadChunk", true)]
    [DataRow("UploadService/CompleteUpload", true)]
    [DataRow("GeneratorService/ImportGenerator", true)]
    [DataRow("AssistantService/ExplainReport", true)]
    [DataRow("GeneratorService/GetGenerator", false)]
    public async Task What_moves_bytes_or_asks_language_models_takes_as_long_as_that_takes(string method, bool isExcepted)
    {
        using var call = new CancellationTokenSource();
        var chain = InterceptorChain.Of(Server.Services, name => name == nameof(CallTimeInterceptor));

        var token = await chain.UnaryServerHandler("", new Call(method, call.Token), (_, context) => Task.FromResult<object>(context.CancellationToken));

        Assert.AreEqual(isExcepted, (CancellationToken)token == call.Token);
    }

    [TestMethod]
    public async Task Two_calls_walk_a_trail_at_once_and_others_are_told_when_to_come_back()
    {
        var (tenant, other) = (await Tenant.CreateAsync(Server), await Tenant.CreateAsync(Server));
        using var client = Server.Client(tenant.Key);
        using var another = Server.Client(other.Key);
        using var admin = Server.Client(Server.AdminKey);
        var walks = Server.Get<TrailWalks>();
        using (walks.Enter(tenant.Project))
        {
            await client.Audit.VerifyAuditTrailAsync(new() { Parent = tenant.Project });
            using (walks.Enter(tenant.Project))
            {
                foreach (var walk in (Func<Task>[])
                [
                    () => client.Audit.VerifyAuditTrailAsync(new() { Parent = tenant.Project }).ResponseAsync,
                    () => admin.Audit.VerifyServerAuditTrailAsync(new() { Project = tenant.Project }).ResponseAsync,
                    () => client.Evidence.CreateEvidencePackAsync(new() { Parent = tenant.Project, EvidencePack = new() }).ResponseAsync,
                    async () =>
                    {
                        using var export = client.Audit.ExportAuditTrail(new() { Parent = tenant.Project });
                        await export.ResponseStream.MoveNext(Cancellation);
                    },
                ])
                {
                    var (error, _) = await RefusedAsync(StatusCode.ResourceExhausted, "RATE_LIMITED", walk);
                    Assert.AreEqual(5, error.GetRpcStatus()!.GetDetail<RetryInfo>().RetryDelay.Seconds);
                }

                await another.Audit.VerifyAuditTrailAsync(new() { Parent = other.Project });
            }
        }

        await client.Evidence.CreateEvidencePackAsync(new() { Parent = tenant.Project, EvidencePack = new() });
        Assert.IsNotNull(walks.Enter(tenant.Project)); // Those before gave their places back: these two are left as they were.
        walks.Enter(tenant.Project).Dispose();
    }

    /// <summary>A call of one of our methods, outside of a server.</summary>
    private sealed class Call : ServerCallContext
    {
        public Call(string method, CancellationToken token)
        {
            (MethodCore, CancellationTokenCore) = ($"/synthstudio.v1.{method}", token);
            UserState["__HttpContext"] = new DefaultHttpContext();
        }

        protected override string MethodCore { get; }

        protected override string HostCore => "";

        protected override string PeerCore => "";

        protected override DateTime DeadlineCore => DateTime.MaxValue;

        protected override Metadata RequestHeadersCore { get; } = [];

        protected override CancellationToken CancellationTokenCore { get; }

        protected override Metadata ResponseTrailersCore { get; } = [];

        protected override Grpc.Core.Status StatusCore { get; set; }

        protected override WriteOptions? WriteOptionsCore { get; set; }

        protected override AuthContext AuthContextCore { get; } = new(null, []);

        protected override ContextPropagationToken CreatePropagationTokenCore(ContextPropagationOptions? options) => throw new NotSupportedException();

        protected override Task WriteResponseHeadersAsyncCore(Metadata responseHeaders) => Task.CompletedTask;
    }
}
