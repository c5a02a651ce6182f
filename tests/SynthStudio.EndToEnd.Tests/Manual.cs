using System.Text.RegularExpressions;

namespace SynthStudio.EndToEnd.Tests;

/// <summary>
/// README.md as somebody reads it who follows each link to a guide (a file of this repository that ends with .md) where it first stands.
/// The links of guides are not followed: what the README does not link itself is not read.
/// </summary>
internal static partial class Manual
{
    /// <summary>The text of the README, with the text of each guide behind the first link to it. Fails where a guide is missing.</summary>
    public static string Read()
    {
        HashSet<string> read = [];
        return GuideLink().Replace(Text("README.md"), link =>
        {
            var guide = link.Groups[1].Value;
            return read.Add(guide) ? $"{link.Value}\n{Text(guide)}" : link.Value;
        });
    }

    /// <summary>What a text tells its readers to type: the content of each of its shell blocks, in their order.</summary>
    public static IEnumerable<string> Commands(string text) => CodeBlock().Matches(text).Select(block => block.Groups[1].Value);

    private static string Text(string file) => File.ReadAllText(Path.Combine(Repository.Root, file));

    [GeneratedRegex(@"\]\(([\w./-]+\.md)(?:#[\w-]+)?\)")]
    private static partial Regex GuideLink();

    [GeneratedRegex("```bash\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CodeBlock();
}
