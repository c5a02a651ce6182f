using Google.Protobuf.WellKnownTypes;

namespace SynthStudio.Api.Tests.Access;

/// <summary>Deny by default: a service that somebody maps and forgets in the table of rules.</summary>
[TestClass]
public sealed class UnruledTests : ApiTest
{
    [TestMethod]
    public async Task A_call_without_a_rule_is_refused_to_everyone()
    {
        foreach (var key in new[] { null, (await Server.UserAsync()).Key, Server.AdminKey })
        {
            using var client = Server.Client(key);
            await RefusedAsync(StatusCode.PermissionDenied, "NO_RULE", () => new Unruled.UnruledClient(client.Invoker).CallAsync(new Empty()).ResponseAsync);
        }
    }
}
