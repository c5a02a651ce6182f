using SynthStudio.Catalog;
using SynthStudio.Testing.Fuzzing;

namespace SynthStudio.Api.Tests.Attacks;

/// <summary>
/// Every method with messages that nobody should send: each is answered by a code and a reason, none by a crash or by something of the inside. The whole
/// number of messages is sent by <c>tools/torture/SynthStudio.ApiFuzz</c> to a server in a process of its own.
/// </summary>
[TestClass]
[DoNotParallelize]
public sealed class FuzzTests : ApiTest
{
    public static IEnumerable<object[]> Methods => FuzzTarget.All.Select(target => new object[] { target.ToString() });

    private const int Messages = 300;

    [TestMethod]
    [DynamicData(nameof(Methods))]
    public async Task Mutated_messages_are_refused_by_a_reason_or_carried_out(string method)
    {
        var tenant = await Tenant.CreateAsync(Server);
        var other = await Tenant.CreateAsync(Server);
        using var owner = Server.Client(tenant.Key);
        using var admin = Server.Client((await Server.UserAsync(role: UserRole.Admin)).Key);
        using var nobody = Server.Client(null);
        var fuzzer = new Fuzzer
        {
            Seed = 1,
            Callers = [owner.Invoker, owner.Invoker, owner.Invoker, admin.Invoker, nobody.Invoker],
            Names = [.. tenant.Names, other.Project, other.Dataset, other.Generator],
            Check = new AnswerCheck([Server.Folder]),
        };

        var report = await fuzzer.RunAsync(FuzzTarget.All.Single(target => target.ToString() == method), Messages, TestContext.CancellationToken);

        Assert.AreEqual(Messages, report.Calls);
        if (report.Faults.Count > 0) Assert.Fail(report.ToString());
    }
}
