using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Encoding;

/// <summary>What is learned of a column of keys from every row that there is, met one after the other.</summary>
internal interface IMeetsKeys
{
    /// <summary>Name of the column.</summary>
    string Name { get; }

    /// <summary>Meets the keys of some rows.</summary>
    /// <param name="column">Its texts, whether a row has them or not.</param>
    /// <param name="counts">Whether it is told from these rows how often keys repeat: rows must come once as such.</param>
    void Add(CodedColumn column, bool counts);
}
