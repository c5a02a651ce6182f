namespace SynthStudio.Tabular;

/// <summary>How the values of a numeric column that is not written in numbers are spelled.</summary>
internal interface ISpelling
{
    /// <summary>The pattern, as in <see cref="ColumnSchema.Format"/>.</summary>
    string Pattern { get; }

    /// <summary>Most bytes that <see cref="Write"/> writes.</summary>
    int MostBytes { get; }

    /// <summary>Reads a trimmed text; false when it is not exactly of this spelling.</summary>
    bool TryRead(ReadOnlySpan<byte> text, out double value);

    /// <summary>Writes a value, returns the bytes written.</summary>
    int Write(Span<byte> target, double value);
}
