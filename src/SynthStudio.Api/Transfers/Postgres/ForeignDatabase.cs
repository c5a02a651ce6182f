using System.Net;
using System.Net.Sockets;
using Npgsql;
using SynthStudio.Api.Outbound;
using SynthStudio.Catalog.Transfers;

namespace SynthStudio.Api.Transfers.Postgres;

/// <summary>
/// A connection to a PostgreSQL database of somebody else, with their password and by nothing of this machine's. The address that is
/// connected to is one that was checked; TLS is about the host's name all the same. Traces leave it out: statements hold what their writer
/// looks for, the database's errors hold values.
/// </summary>
internal sealed class ForeignDatabase : IAsyncDisposable
{
    private readonly NpgsqlDataSource _source;

    private ForeignDatabase(NpgsqlDataSource source, NpgsqlConnection connection) => (_source, Connection) = (source, connection);

    public NpgsqlConnection Connection { get; }

    /// <exception cref="TransferException">It cannot be connected to, and why.</exception>
    public static async Task<ForeignDatabase> OpenAsync(
        PostgresAddress address, string password, OutboundAddresses addresses, TransferOptions options, CancellationToken cancellation)
    {
        Exception? last = null;
        foreach (var ip in await ResolveAsync(address, addresses, cancellation))
        {
            var source = Source(address, ip, password, options);
            try
            {
                return new ForeignDatabase(source, await source.OpenConnectionAsync(cancellation));
            }
            catch (NpgsqlException e) when (e is not PostgresException && e.InnerException is SocketException or TimeoutException)
            {
                await source.DisposeAsync();
                last = e; // Another address of the host may answer.
            }
            catch (Exception e) when (!cancellation.IsCancellationRequested)
            {
                await source.DisposeAsync();
                throw PostgresErrors.Of(e, address);
            }
        }

        throw PostgresErrors.Of(last!, address);
    }

    public async ValueTask DisposeAsync()
    {
        await Connection.DisposeAsync();
        await _source.DisposeAsync();
    }

    private static async Task<IPAddress[]> ResolveAsync(PostgresAddress address, OutboundAddresses addresses, CancellationToken cancellation)
    {
        try
        {
            return await addresses.ResolveAsync(address.Host, cancellation);
        }
        catch (AddressNotAllowedException e)
        {
            throw new TransferException(
                TransferReasons.AddressNotAllowed, $"{address.Host} has no address that the server may call: check the name; private networks only the operator can allow (SynthStudio:Api:Transfers:AllowedNetworks).", inner: e);
        }
    }

    private static NpgsqlDataSource Source(PostgresAddress address, IPAddress ip, string password, TransferOptions options)
    {
        var builder = new NpgsqlDataSourceBuilder(new NpgsqlConnectionStringBuilder
        {
            Host = ip.ToString(),
            Port = address.Port,
            Database = address.Database,
            Username = address.User,
            Password = password,
            SslMode = address.Tls switch
            {
                TransportSecurity.Verified => SslMode.VerifyFull,
                TransportSecurity.Unverified => SslMode.Require,
                _ => SslMode.Disable,
            },
            RequireAuth = "ScramSHA256,MD5,Password,None", // Never as the user that this process runs as.
            GssEncryptionMode = GssEncryptionMode.Disable,
            ApplicationName = "SynthStudio",
            Pooling = false,
            Enlist = false,
            Timeout = (int)Math.Ceiling(options.ConnectTimeout.TotalSeconds),
            CommandTimeout = 0, // The transfer has a limit of its own, and the database is told one.
        }.ConnectionString);
        builder.ConfigureTypeLoading(types => types.EnableTypeLoading(false)); // Built-in ones suffice.
        builder.Name = "transfers"; // What figures call it; else by address and user.
        builder.ConfigureTracing(tracing => tracing
            .ConfigureCommandFilter(_ => false).ConfigureBatchFilter(_ => false).ConfigureCopyOperationFilter(_ => false).EnablePhysicalOpenTracing(false));
        builder.UseSslClientAuthenticationOptionsCallback(tls =>
        {
            tls.TargetHost = address.Host;
            tls.ClientCertificates = null; // The environment may name one of this machine's.
        });
        return builder.Build();
    }
}
