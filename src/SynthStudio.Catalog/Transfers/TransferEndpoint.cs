namespace SynthStudio.Catalog.Transfers;

/// <summary>A database or bucket of others, and as whom it is reached; without the secret that lets in. One of the two is set.</summary>
public sealed record TransferEndpoint
{
    public PostgresAddress? Postgres { get; init; }

    public BucketAddress? Bucket { get; init; }

    /// <summary>In words, for errors.</summary>
    public override string ToString() => Postgres is { } database
        ? $"{database.Database} at {database.Host}:{database.Port}"
        : Bucket is { } bucket ? $"bucket {bucket.Bucket} at {(bucket.Url.Length > 0 ? bucket.Url : bucket.Region)}" : "";
}

/// <summary>A PostgreSQL database.</summary>
/// <param name="Host">Host name or address.</param>
/// <param name="Port">1 to 65535.</param>
/// <param name="Database">The database.</param>
/// <param name="User">The role.</param>
/// <param name="Tls">How the connection is protected.</param>
public sealed record PostgresAddress(string Host, int Port, string Database, string User, TransportSecurity Tls);

/// <summary>How a connection to a database is protected.</summary>
public enum TransportSecurity
{
    /// <summary>By TLS, with a certificate of the host from an authority that the server trusts.</summary>
    Verified,

    /// <summary>By TLS with any certificate: whoever is in between can read and change what goes over it.</summary>
    Unverified,

    /// <summary>Not at all.</summary>
    None,
}

/// <summary>A bucket of anything that speaks the protocol of S3.</summary>
/// <param name="Url">Address of the store; empty for Amazon's.</param>
/// <param name="Region">The bucket's region.</param>
/// <param name="Bucket">Its name.</param>
/// <param name="AccessKey">The access key.</param>
public sealed record BucketAddress(string Url, string Region, string Bucket, string AccessKey);
