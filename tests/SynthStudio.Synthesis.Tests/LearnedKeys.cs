using SynthStudio.Synthesis.Encoding;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Tests;

/// <summary>Keys learned from one column, without a table around it.</summary>
internal static class LearnedKeys
{
    public static IdentifierCodec Of(CodedColumn column, int threshold)
    {
        var fit = KeyFit.Of(column, threshold, mayRepeat: true);
        fit.Add(column, counts: true);
        return fit.Finish();
    }
}
