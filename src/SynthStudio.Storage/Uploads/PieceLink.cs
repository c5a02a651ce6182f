namespace SynthStudio.Storage;

/// <summary>A link by which anyone may PUT a piece of an upload.</summary>
/// <param name="Url">Where to.</param>
/// <param name="Headers">What has to be sent with it beside its length: the store refuses it without.</param>
public sealed record PieceLink(Uri Url, IReadOnlyDictionary<string, string> Headers);
