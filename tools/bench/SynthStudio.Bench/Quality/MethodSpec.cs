using SynthStudio.Synthesis;

namespace SynthStudio.Bench.Quality;

/// <summary>A method with options, as <c>cart:minimum_leaf=20:smoothing=false</c>: variants of one method stand side by side.</summary>
internal sealed record MethodSpec(string Text, string Name, IReadOnlyDictionary<string, string> Options)
{
    /// <summary>The names of the methods that learn a table without privacy terms.</summary>
    public static IEnumerable<string> WithoutTerms => Synthesizers.All
        .Where(s => !s.Capabilities.HasFlag(Capabilities.NoData)
            && (!s.Capabilities.HasFlag(Capabilities.DifferentialPrivacy) || s.Method == "auto"))
        .Select(s => s.Method);

    public static MethodSpec Parse(string text)
    {
        var parts = text.Split(':');
        return new MethodSpec(text, parts[0], parts.Skip(1).Select(part => part.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]));
    }
}
