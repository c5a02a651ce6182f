namespace SynthStudio.Hosting;

/// <summary>What the host's <c>migrate</c> does beside the schema; the section <c>SynthStudio:Migration</c>. Not used by a server.</summary>
public sealed class MigrationSettings
{
    /// <summary>Existing role that silos and API replicas connect as; empty grants nothing.</summary>
    public string ServiceRole { get; set; } = "";

    /// <summary>Existing role that only reads; empty grants nothing.</summary>
    public string ReaderRole { get; set; } = "";

    /// <summary>Where the first administrator's API key is written, if it is not there yet; empty makes none.</summary>
    public string AdminKeyFile { get; set; } = "";
}
