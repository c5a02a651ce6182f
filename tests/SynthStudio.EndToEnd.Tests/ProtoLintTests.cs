using System.Text.RegularExpressions;

namespace SynthStudio.EndToEnd.Tests;

/// <summary>The protocols keep the rules of buf.yaml, by the buf that the README names.</summary>
[TestClass]
public sealed partial class ProtoLintTests
{
    [TestMethod]
    public async Task The_protocols_keep_their_rules()
    {
        var buf = Buf().Match(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "README.md"))).Value;
        Assert.AreNotEqual("", buf);

        (await Command.RunAsync("npx", ["--yes", buf, "lint"])).Succeeded();
    }

    [GeneratedRegex(@"@bufbuild/buf@[\d.]+\d")]
    private static partial Regex Buf();
}
