namespace SynthStudio.Catalog;

/// <summary>Something that is listed newest first.</summary>
public interface IListedRecord
{
    /// <summary>Resource name.</summary>
    string Name { get; }

    DateTimeOffset CreateTime { get; }
}

/// <summary>Something that lives in a project and has an etag.</summary>
public interface IResourceRecord : IListedRecord
{
    /// <summary>Resource name of the project.</summary>
    string Project { get; }

    /// <summary>Grows with every change; the etag.</summary>
    long Version { get; }
}
