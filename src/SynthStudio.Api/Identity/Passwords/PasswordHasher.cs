using System.Security.Cryptography;
using System.Text;
using NSec.Cryptography;
using SynthStudio.Api.Errors;
using SynthStudio.Api.Identity.Accounts;

namespace SynthStudio.Api.Identity.Passwords;

/// <summary>
/// Hashes passwords by Argon2id of libsodium (RFC 9106). So many at once as there are processors, each with its memory; those that come meanwhile
/// wait, up to a bound: a flood of sign-ins takes neither all memory nor the other calls' time.
/// </summary>
internal sealed class PasswordHasher(AccountOptions options) : IDisposable
{
    private const int HashBytes = 32;
    private const int SaltBytes = 16;
    private const int LongestQueue = 100;

    private readonly SemaphoreSlim _slots = new(Environment.ProcessorCount);
    private readonly PasswordHash _nobody = new(
        new PasswordCost(options.PasswordMemoryKiB, options.PasswordPasses),
        RandomNumberGenerator.GetBytes(SaltBytes), new byte[HashBytes]);
    private int _queued;

    private PasswordCost Cost => new(options.PasswordMemoryKiB, options.PasswordPasses);

    /// <summary>The hash to store.</summary>
    /// <exception cref="RpcException">UNAVAILABLE: too many wait already.</exception>
    public async Task<string> HashAsync(string password, CancellationToken cancellation)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltBytes);
        return new PasswordHash(Cost, salt, await DeriveAsync(password, Cost, salt, cancellation)).ToString();
    }

    /// <summary>Whether a password is the one that a stored hash is of. For no hash (empty) it takes as long, and is false.</summary>
    /// <exception cref="RpcException">UNAVAILABLE: too many wait already.</exception>
    public async Task<bool> VerifyAsync(string stored, string password, CancellationToken cancellation)
    {
        var known = PasswordHash.Parse(stored);
        var hash = known ?? _nobody;
        var derived = await DeriveAsync(password, hash.Cost, hash.Salt, cancellation);
        return CryptographicOperations.FixedTimeEquals(derived, hash.Hash) && known is not null;
    }

    /// <summary>Whether a stored hash was made at another cost than is asked for now.</summary>
    public bool IsOutdated(string stored) => PasswordHash.Parse(stored)?.Cost != Cost;

    public void Dispose() => _slots.Dispose();

    private async Task<byte[]> DeriveAsync(string password, PasswordCost cost, byte[] salt, CancellationToken cancellation)
    {
        if (Interlocked.Increment(ref _queued) > LongestQueue)
        {
            Interlocked.Decrement(ref _queued);
            throw ApiErrors.Unavailable(ErrorReasons.TooManySignIns, "Too many people sign in at this moment. Try again.", TimeSpan.FromSeconds(2));
        }

        try
        {
            await _slots.WaitAsync(cancellation);
            try
            {
                var argon = new Argon2id(new Argon2Parameters { DegreeOfParallelism = 1, MemorySize = cost.MemoryKiB, NumberOfPasses = cost.Passes });
                return await Task.Run(() => argon.DeriveBytes(Encoding.UTF8.GetBytes(password), salt, HashBytes), CancellationToken.None);
            }
            finally
            {
                _slots.Release();
            }
        }
        finally
        {
            Interlocked.Decrement(ref _queued);
        }
    }
}
