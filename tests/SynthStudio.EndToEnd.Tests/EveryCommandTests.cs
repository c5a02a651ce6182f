using System.Text.RegularExpressions;

namespace SynthStudio.EndToEnd.Tests;

/// <summary>Every command of synth stands in a test, or in what <see cref="ReadmeTests"/> runs of the README and its guides.</summary>
[TestClass]
public sealed partial class EveryCommandTests
{
    private const string OneCall = "It makes one call, which tests of the API make, and prints what tested commands print.";
    private const string Person = "It needs a browser or an app that a person looks at; the calls are made by tests of the API.";
    private const string Model = "It asks a language model, as tested commands of its group do; what comes of that is tested with the API.";

    /// <summary>Commands that nothing runs, and why. New ones are tested.</summary>
    private static readonly Dictionary<string, string> NotRun = new()
    {
        ["account invite"] = OneCall,
        ["account link"] = Person,
        ["account providers"] = OneCall,
        ["account revoke"] = OneCall,
        ["account second-factor"] = Person,
        ["account unlink"] = OneCall,
        ["assistant draft"] = Model,
        ["assistant explain"] = Model,
        ["assistant suggest"] = Model,
        ["cluster drain"] = OneCall,
        ["cluster rotate-key"] = OneCall,
        ["connections delete"] = OneCall,
        ["connections show"] = OneCall,
        ["datasets cancel"] = OneCall,
        ["datasets purge"] = OneCall,
        ["datasets show"] = OneCall,
        ["datasets watch"] = "It watches a job as synth generators watch does.",
        ["generators aliases"] = OneCall,
        ["generators delete"] = OneCall,
        ["generators purge"] = OneCall,
        ["generators report"] = OneCall,
        ["generators show"] = OneCall,
        ["generators undelete"] = OneCall,
        ["jobs cancel"] = OneCall,
        ["jobs show"] = OneCall,
        ["privacy calibrate"] = "It prints what CalibrateNoise of the library says, as synth privacy epsilon prints its figure.",
        ["privacy partition"] = OneCall,
        ["projects list"] = OneCall,
        ["projects purge"] = OneCall,
        ["service-accounts list"] = OneCall,
        ["transfers cancel"] = OneCall,
        ["transfers show"] = OneCall,
        ["webhooks list"] = OneCall,
        ["webhooks show"] = OneCall,
    };

    [TestMethod]
    public void Every_command_is_run_by_a_test_or_a_guide_but_those_that_are_listed()
    {
        var commands = Commands();
        var without = commands.Except(Occurring(commands)).ToList();

        Assert.IsGreaterThan(180, commands.Count);
        Assert.AreEqual("", Listed(without.Except(NotRun.Keys)), "No test and no guide runs these commands.");
        Assert.AreEqual("", Listed(NotRun.Keys.Except(without)), "These are listed as not run, and are run or are no commands.");
    }

    /// <summary>All commands but those that only hold others, as they are typed: <c>datasets upload</c>.</summary>
    private static List<string> Commands()
    {
        var folder = Path.Combine(Repository.Root, "tools", "synth");
        var tree = File.ReadAllText(Path.Combine(folder, "CommandTree.cs"));
        var texts = Directory.EnumerateFiles(Path.Combine(folder, "Commands"), "*.cs")
            .ToDictionary(file => Path.GetFileNameWithoutExtension(file), file => File.ReadAllText(file));
        var made = texts.ToDictionary(text => text.Key, text => Made().Matches(text.Value).ToList());
        foreach (Match root in Root().Matches(tree))
        {
            var name = root.Groups[1].Value;
            Assert.IsNotEmpty(made[name], $"{name} makes no command that is found here.");
        }

        // Who makes several, and the first of them by itself, makes a group.
        var groups = made.Where(entry => entry.Value.Count > 1 && entry.Value[0].Groups["itself"].Success)
            .ToDictionary(entry => entry.Key, entry => Name(entry.Value[0]));
        var commands = new List<string>();
        foreach (var (file, names) in made.Where(entry => entry.Value.Count > 0))
        {
            var group = Group(file);
            var own = names.Skip(groups.ContainsKey(file) ? 1 : 0).Select(Name);
            commands.AddRange(own.Select(name => group.Length > 0 ? $"{group} {name}" : name));
        }

        return commands;

        // Who makes none adds to the root, or to the group of the only one that names it.
        string Group(string file)
        {
            if (groups.TryGetValue(file, out var itself)) return itself;
            return tree.Contains($"new {file}(", StringComparison.Ordinal)
                ? ""
                : groups.Single(other => texts[other.Key].Contains(file, StringComparison.Ordinal)).Value;
        }

        static string Name(Match command) => command.Groups["name"].Value;
    }

    /// <summary>Which of them stand in a shell's line, or as arguments in C#.</summary>
    private static HashSet<string> Occurring(List<string> commands)
    {
        var text = Texts();
        var groups = string.Join('|', commands.Where(command => command.Contains(' ')).Select(command => command.Split(' ')[0]).Distinct());
        var roots = string.Join('|', commands.Where(command => !command.Contains(' ')));
        var inGroups = new Regex($$"""(?<![\w-])({{groups}})(?=[\s",]+([a-z][a-z-]*)(?![\w-]))""");
        var atRoot = new Regex($$"""(?:synth |-- |")({{roots}})(?![\w-])""");
        return
        [
            .. inGroups.Matches(text).Select(found => $"{found.Groups[1].Value} {found.Groups[2].Value}"),
            .. atRoot.Matches(text).Select(found => found.Groups[1].Value),
        ];
    }

    /// <summary>What tests say outside of comments, this one left out, and what readers of the guides are told to type.</summary>
    private static string Texts()
    {
        var tests = Directory.EnumerateFiles(Path.Combine(Repository.Root, "tests"), "*.cs", SearchOption.AllDirectories)
            .Where(file => Path.GetFileName(file) != $"{nameof(EveryCommandTests)}.cs")
            .SelectMany(file => File.ReadLines(file))
            .Where(line => !line.TrimStart().StartsWith("//", StringComparison.Ordinal));
        return string.Join('\n', tests.Concat(Manual.Commands(Manual.Read())));
    }

    private static string Listed(IEnumerable<string> commands) => string.Join(Environment.NewLine, commands.Order(StringComparer.Ordinal));

    [GeneratedRegex("""(?:(?<itself>=> new|new Command)|server\.Create|anonymous\.Create|Known)\(\s*"(?<name>[a-z][a-z-]*)",""")]
    private static partial Regex Made();

    [GeneratedRegex(@"new (\w+)\(\w*\)\.Create")]
    private static partial Regex Root();
}
