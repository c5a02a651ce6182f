namespace SynthStudio.Storage;

/// <summary>Tells a full disk, quota or file-size limit from other failures.</summary>
public static class DiskErrors
{
    private const int LinuxFileTooLarge = 27;
    private const int NoSpace = 28;
    private const int LinuxQuota = 122;
    private const int MacQuota = 69;
    private const int WindowsHandleDiskFull = unchecked((int)0x80070027);
    private const int WindowsDiskFull = unchecked((int)0x80070070);

    /// <summary>Whether there was no room.</summary>
    public static bool IsFull(IOException error) => error.HResult switch
    {
        NoSpace or WindowsHandleDiskFull or WindowsDiskFull => true,
        LinuxFileTooLarge or LinuxQuota => OperatingSystem.IsLinux(),
        MacQuota => OperatingSystem.IsMacOS(),
        _ => false,
    };
}
