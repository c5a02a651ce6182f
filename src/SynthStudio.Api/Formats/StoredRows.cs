using SynthStudio.Api.Services;
using SynthStudio.Storage;

namespace SynthStudio.Api.Formats;

/// <summary>Rows that are stored as parts of one CSV file with a header.</summary>
/// <param name="Columns">Their columns; none where only the CSV is asked for.</param>
/// <param name="Parts">The parts, in their order.</param>
/// <param name="Objects">Where they are stored.</param>
internal sealed record StoredRows(IReadOnlyList<TypedColumn> Columns, IReadOnlyList<ObjectRef> Parts, IObjectStore Objects)
{
    /// <summary>The rows as one file.</summary>
    public Stream Open() => new ConcatenatedStream(Objects, Parts);
}
