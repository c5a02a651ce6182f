using System.CommandLine;
using SynthStudio.Cli.Outcome;
using SynthStudio.V1;

namespace SynthStudio.Cli.Commands;

/// <summary>The options that name a database or bucket of others. What lets in is read from a file, or asked for.</summary>
internal sealed class EndpointOptions
{
    private readonly Option<string?> postgres = new("--postgres")
    {
        Description = "A PostgreSQL database, postgresql://USER@HOST:PORT/DATABASE, without password; with ?sslmode=require (any certificate) or disable (no TLS) where the server allows that.",
        HelpName = "URI",
    };

    private readonly Option<string?> bucket = new("--bucket") { Description = "A bucket of S3, or of what speaks its protocol.", HelpName = "NAME" };
    private readonly Option<string> storage = new("--endpoint") { Description = "Address of the bucket's store; by default Amazon's.", HelpName = "URL", DefaultValueFactory = _ => "" };
    private readonly Option<string> region = new("--region") { Description = "The bucket's region.", HelpName = "REGION", DefaultValueFactory = _ => "" };
    private readonly Option<string> accessKey = new("--access-key") { Description = "Access key of the bucket.", HelpName = "KEY", DefaultValueFactory = _ => "" };
    private readonly Option<FileInfo?> secretFile = new("--secret-file") { Description = "File with the password or the secret key; without it that is asked for.", HelpName = "FILE" };

    public IReadOnlyList<Option> All => [postgres, bucket, storage, region, accessKey, secretFile];

    /// <summary>The database; null when none was named.</summary>
    public PostgresEndpoint? Postgres(ParseResult parse) => parse.GetValue(postgres) is { } uri ? Read(uri, Secret(parse, "password")) : null;

    /// <summary>The bucket; null when none was named.</summary>
    public BucketEndpoint? Bucket(ParseResult parse) => parse.GetValue(bucket) is not { } name ? null : new BucketEndpoint
    {
        Bucket = name, Url = parse.GetValue(storage), Region = parse.GetValue(region), AccessKey = parse.GetValue(accessKey), SecretKey = Secret(parse, "secret key"),
    };

    /// <summary>Says where a transfer goes: by a connection of the project, or to what these options name.</summary>
    /// <exception cref="BadInputException">They name nothing.</exception>
    public void Fill(ServerCall call, string connection, Transfer transfer)
    {
        if (connection.Length > 0) transfer.Connection = call.Client.Resource("connections", connection);
        else if (Postgres(call.Parse) is { } database) transfer.Postgres = database;
        else if (Bucket(call.Parse) is { } named) transfer.Bucket = named;
        else throw new BadInputException("Name a connection of the project (--connection), a database (--postgres) or a bucket (--bucket).");
    }

    private string Secret(ParseResult parse, string what) => parse.GetValue(secretFile) is { } file
        ? File.ReadAllText(InputFiles.Table("--secret-file", file).FullName).TrimEnd('\r', '\n')
        : Secrets.Ask(what);

    private static PostgresEndpoint Read(string text, string password)
    {
        const string form = "--postgres must be postgresql://USER@HOST:PORT/DATABASE";
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("postgresql" or "postgres") || uri.Host.Length == 0 || uri.AbsolutePath.Length < 2)
        {
            throw new BadInputException($"{form}.");
        }

        if (uri.UserInfo.Contains(':', StringComparison.Ordinal))
        {
            throw new BadInputException("--postgres must not hold the password: other users of the machine see it. Give it by --secret-file, or when it is asked for.");
        }

        return new PostgresEndpoint
        {
            Host = uri.DnsSafeHost,
            Port = uri.IsDefaultPort || uri.Port < 0 ? 0 : uri.Port,
            Database = Uri.UnescapeDataString(uri.AbsolutePath[1..]),
            User = Uri.UnescapeDataString(uri.UserInfo),
            Password = password,
            Tls = uri.Query switch
            {
                "" or "?sslmode=verify-full" => TransportSecurity.Verified,
                "?sslmode=require" => TransportSecurity.Unverified,
                "?sslmode=disable" => TransportSecurity.None,
                _ => throw new BadInputException($"{form}, and after it at most ?sslmode=verify-full, require or disable."),
            },
        };
    }
}
