using Microsoft.Extensions.Logging.Abstractions;
using SynthStudio.Api.Errors;

namespace SynthStudio.Api.Tests.Http;

/// <summary>What a call fails with whose caller has left is nobody's fault.</summary>
[TestClass]
public sealed class LeftCallTests
{
    private readonly ErrorMapper mapper = new(NullLogger<ErrorMapper>.Instance);

    [TestMethod]
    public void Writing_to_a_caller_who_has_just_left_is_no_fault_though_the_calls_token_does_not_know_yet()
    {
        var call = new MadeUpCall("/synthstudio.v1.AuditService/ExportAuditTrail", CancellationToken.None);
        var refused = new InvalidOperationException("Can't write the message because the request is complete.");
        Assert.AreEqual(StatusCode.Internal, mapper.Map(refused, call)?.StatusCode, "Somebody waits for it.");

        call.GetHttpContext().RequestAborted = new CancellationToken(canceled: true);

        Assert.AreEqual(StatusCode.Cancelled, mapper.Map(refused, call)?.StatusCode);
    }
}
