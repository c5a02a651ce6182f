using System.Net;
using SynthStudio.Api.Outbound;
using SynthStudio.Api.Transfers.Postgres;
using SynthStudio.Catalog.Transfers;
using SynthStudio.Storage.S3;

namespace SynthStudio.Api.Transfers;

/// <summary>Opens databases and buckets of somebody else, at addresses that may be reached.</summary>
/// <param name="options">Which those are, and how long connecting may take.</param>
internal sealed class ForeignPlaces(TransferOptions options)
{
    private readonly OutboundAddresses _addresses = new(options.AllowedNetworks);

    /// <summary>Whether an address may be connected to.</summary>
    public bool IsAllowed(IPAddress address) => _addresses.IsAllowed(address);

    /// <exception cref="TransferException">It cannot be connected to, and why.</exception>
    public Task<ForeignDatabase> OpenAsync(PostgresAddress address, string password, CancellationToken cancellation) =>
        ForeignDatabase.OpenAsync(address, password, _addresses, options, cancellation);

    /// <summary>A bucket; nothing is connected to before it is used.</summary>
    public ForeignBucket Open(BucketAddress address, string secret) => new(
        address.Url, address.Region, address.Bucket, address.AccessKey, secret, options.ConnectTimeout,
        (context, stop) => _addresses.ConnectAsync(context, stop));
}
