namespace SynthStudio.Hosting.Tests;

/// <summary>Ports for servers that cannot ask the system for one.</summary>
[TestClass]
public sealed class FreePortTests
{
    [TestMethod]
    public void Each_is_another_one_and_none_of_those_that_systems_give_out()
    {
        var ports = Enumerable.Range(0, 200).Select(_ => FreePort.Find()).ToList();

        Assert.HasCount(200, ports.Distinct());
        Assert.IsTrue(ports.TrueForAll(port => port is > 11_111 and < 30_000), string.Join(' ', ports));
    }
}
