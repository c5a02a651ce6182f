namespace SynthStudio.Api.Errors;

/// <summary>The disk does not take an audit trail's end, or the database lost it: it is neither signed nor told.</summary>
internal sealed class TrailDiskException(string chain, IOException cause)
    : Exception($"The end of the audit trail of {chain} is not on the disk.", cause)
{
    /// <summary>Which trail.</summary>
    public string Chain { get; } = chain;
}
