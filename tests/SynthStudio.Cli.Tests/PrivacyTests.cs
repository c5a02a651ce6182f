using System.Text.Json;

namespace SynthStudio.Cli.Tests;

/// <summary>The contract of <c>synth privacy</c> that scripts rely on.</summary>
[TestClass]
public sealed class PrivacyTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [TestMethod]
    [DataRow("epsilon", 1.8282436467, "epsilon --noise-multiplier 1 --sample-rate 0.01 --steps 1000 --delta 1e-5 --json")]
    [DataRow("epsilon", 2.1013652716, "epsilon --noise-multiplier 1 --sample-rate 0.01 --steps 1000 --delta 1e-5 --accountant rdp --json")]
    [DataRow("noise_multiplier", 3.7306317, "calibrate --epsilon 1 --delta 1e-5 --sample-rate 1 --steps 1 --json")]
    public async Task An_answer_is_one_line_of_json(string name, double expected, string arguments)
    {
        var result = await Command.SynthAsync(["privacy", .. arguments.Split(' ')]);

        Assert.AreEqual(0, result.ExitCode, result.Errors);
        using var answer = JsonDocument.Parse(result.Output);
        Assert.AreEqual(expected, answer.RootElement.GetProperty(name).GetDouble(), 2e-5 * expected);
    }

    [TestMethod]
    public async Task Events_of_a_file_are_composed()
    {
        File.WriteAllText(folder["events.json"], """[{"type": "gaussian", "noise_multiplier": 10, "count": 14}, {"type": "gaussian", "noise_multiplier": 20, "count": 13}]""");

        var result = await Command.SynthAsync("privacy", "compose", folder["events.json"], "--delta", "1e-6", "--json");

        using var answer = JsonDocument.Parse(result.Output);
        Assert.AreEqual(1.8396229859, answer.RootElement.GetProperty("epsilon").GetDouble(), 1e-5);
    }

    [TestMethod]
    [DataRow("noise_multiplier", "epsilon --noise-multiplier -1 --sample-rate 0.01 --steps 10 --delta 1e-5")]
    [DataRow("sample_rate", "epsilon --noise-multiplier 1 --sample-rate 1.01 --steps 10 --delta 1e-5")]
    [DataRow("delta", "epsilon --noise-multiplier 1 --sample-rate 0.01 --steps 10 --delta 0")]
    [DataRow("accountant", "epsilon --noise-multiplier 1 --sample-rate 0.01 --steps 10 --delta 1e-5 --accountant guess")]
    [DataRow("EVENTS", "compose no-such-file.json --delta 1e-5")]
    public async Task What_makes_no_sense_is_refused_by_name(string named, string arguments)
    {
        var result = await Command.SynthAsync(["privacy", .. arguments.Split(' ')]);

        Assert.AreEqual(2, result.ExitCode);
        Assert.Contains(named, result.Errors);
    }
}
