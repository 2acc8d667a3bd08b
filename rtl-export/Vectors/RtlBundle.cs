// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using System.Text.Json;
using AccelModel.Scheduling;
using AccelModel.Simulation;
using RtlExport.Corners;
using RtlExport.Formats;
using RtlExport.Parameters;

namespace RtlExport.Vectors;

/// <summary>A folder with everything that proves a design right in an RTL simulator: modules, constants, programs, memory, vectors, benches and a manifest.</summary>
public static class RtlBundle
{
    /// <summary>Name of the manifest.</summary>
    public const string ManifestName = "manifest.json";

    /// <summary>Folder inside the bundle that tools may write to; the manifest does not list it.</summary>
    public const string BuildFolder = "build";

    /// <summary>Number of the form of bundles; one of another form is refused. Raised with every change that a reader of older bundles would not understand.</summary>
    public const int Version = 5;

    /// <summary>The modules in the order in which tools read them.</summary>
    public const string FileList = "filelist.f";

    /// <summary>The same with what puts the accelerator on a system bus.</summary>
    public const string BusFileList = "filelist_axi.f";

    /// <summary>Folder of the modules of the system bus.</summary>
    public const string BusFolder = "axi/";

    private const int LeastBenchMemoryWords = 1024;

    /// <summary>Frames of the run in which frames overlap: a first one, one between others, a last one.</summary>
    public const int OverlappedFrames = 3;

    /// <summary>
    /// Writes the bundle to <paramref name="directory"/>, replacing what is there, all or nothing: files go to a folder beside it that is then renamed.
    /// The same arguments give the same bytes.
    /// </summary>
    /// <param name="schedule">Programs, memory image and feature maps.</param>
    /// <param name="timing">Its timeline.</param>
    /// <param name="vectors">Images and the model's layer outputs.</param>
    /// <param name="configurationSha256">SHA-256 of the resolved configuration, 64 lower-case hex digits.</param>
    /// <param name="directory">The bundle's folder.</param>
    /// <param name="instructions">Program memories hold so many instructions at least, for the sake of other networks on the same hardware.</param>
    /// <param name="content">What else the bundle holds; nothing where it is null.</param>
    /// <exception cref="InstructionEncodingException">An instruction does not fit the hardware's instruction word.</exception>
    /// <exception cref="ArgumentException">The vectors do not fit the schedule, or the hash is none.</exception>
    /// <exception cref="IOException">The folder cannot be written, or holds something else than a bundle.</exception>
    public static void Write(
        Schedule schedule, TimingResult timing, RtlVectors vectors, string configurationSha256, string directory, int instructions = 0, BundleContent? content = null)
    {
        string target = Path.GetFullPath(directory);
        if (Directory.Exists(target) && Directory.EnumerateFileSystemEntries(target).Any() && !File.Exists(Path.Combine(target, ManifestName)))
        {
            throw new IOException($"{directory} holds something else than a bundle and is not replaced");
        }

        IReadOnlyList<BundleFile> files = Files(schedule, timing, vectors, configurationSha256, instructions, content);
        string staging = target + ".partial";
        DeleteFolder(staging);
        try
        {
            foreach (BundleFile file in files)
            {
                string path = Path.Combine(staging, file.Name);
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                File.WriteAllBytes(path, file.Bytes);
                if (file.Name.EndsWith(".sh", StringComparison.Ordinal) && !OperatingSystem.IsWindows())
                {
                    File.SetUnixFileMode(path, File.GetUnixFileMode(path) | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
                }
            }

            DeleteFolder(target);
            Directory.Move(staging, target);
        }
        finally
        {
            DeleteFolder(staging);
        }
    }

    /// <summary>Every file of the bundle, the manifest last.</summary>
    public static IReadOnlyList<BundleFile> Files(
        Schedule schedule, TimingResult timing, RtlVectors vectors, string configurationSha256, int instructions = 0, BundleContent? content = null)
    {
        content ??= new();
        vectors.ValidatedFor(schedule);
        int longest = Math.Max(instructions, BenchVectors.Programs(schedule).Max(program => program.Count));
        RtlParameters parameters = RtlParameters.Of(schedule.Accelerator, longest);
        BundleStamp stamp = new BundleStamp(configurationSha256, parameters.HardwareSha256).Validated();
        List<(string Name, string Text)> imageByImage = [.. BenchVectors.Write(parameters, stamp, schedule, timing, vectors)];
        int frames = FrameRules.Repeats(schedule) ? OverlappedFrames : 1;
        TimingResult overlapped = frames == 1 ? timing : FastEngine.Time(schedule, frames);
        CornerFiles? corners = content.Corners ? CornerFiles.Of(parameters, [new("programs.txt", schedule, timing, Runs: vectors.Images), new("frames", schedule, overlapped, frames)]) : null;
        int memoryWords = Math.Max(schedule.Memory.Words + ((frames - 1) * schedule.FrameStrideWords), corners?.MemoryWords ?? 0);
        int benchMemoryWords = 1 << InstructionSet.AddressWidth(Math.Max(memoryWords, LeastBenchMemoryWords));
        int events = Math.Max(overlapped.Timeline.CountBy(e => e.Unit).Max(unit => unit.Value), corners?.Events ?? 0);
        int benchEvents = 1 << InstructionSet.AddressWidth(Math.Max(events, SystemVerilogPackage.LeastBenchEvents));
        IReadOnlyList<VectorTable> tables = ModuleVectors.Of(schedule.Accelerator);

        List<(string Name, string Text)> files =
        [
            ("accel_pkg.sv", SystemVerilogPackage.Write(parameters, stamp, benchMemoryWords, benchEvents)),
            ("accel_params.vh", MacroHeader.Verilog(parameters, stamp)),
            ("accel_params.svh", SystemVerilogPackage.Include(parameters, stamp)),
            ("accel_params.h", MacroHeader.C(parameters, stamp)),
            ("accel_registers.h", RegisterDocuments.C(parameters, stamp)),
            ("accel_registers.md", RegisterDocuments.Markdown(parameters, stamp)),
            ("params.tcl", TclScript.Write(parameters, stamp)),
            ("constraints.xdc", ClockConstraints.Xdc(parameters, stamp)),
            ("constraints.pcf", ClockConstraints.Pcf(parameters, stamp)),
            ("params.json", BundleText.Parameters(parameters, stamp)),
            ("programs.txt", BundleText.Listing(parameters, stamp, schedule)),
            (FileList, Lines(["accel_pkg.sv", .. RtlSources.Modules])),
            (BusFileList, Lines(["accel_pkg.sv", .. RtlSources.Modules, .. RtlSources.BusModules.Select(name => BusFolder + name)])),
            .. RtlSources.BusModules.Select(name => (BusFolder + name, RtlSources.Read("axi/" + name))),
            .. RtlSources.BusBenches.Select(name => ("tb/" + BusFolder + name, RtlSources.Read("axi_tb/" + name))),
            .. RtlSources.Modules.Select(name => (name, RtlSources.Read("rtl/" + name))),
            .. RtlSources.Benches.Select(name => ("tb/" + name, RtlSources.Read("tb/" + name))),
            .. RtlSources.Scripts.Select(name => (name, RtlSources.Read("scripts/" + name))),
            .. imageByImage.Select(file => ("vectors/" + file.Name, file.Text)),
            .. BenchVectors.WriteFrames(stamp, schedule, overlapped, vectors, frames).Select(file => ("vectors/" + file.Name, file.Text)),
            .. tables.Select(table => ($"vectors/{table.Name}.memh", table.ToMemh(stamp))),
            .. corners?.Write(stamp, tables) ?? [],
        ];
        List<BundleFile> all =
        [
            .. files.Select(file => BundleFile.Of(file.Name, file.Text)),
            .. FormatFiles.Write(content.Formats, parameters, stamp, schedule, timing, vectors, tables, corners?.Networks ?? [], files.Where(file => file.Name.EndsWith(".memh", StringComparison.Ordinal)).ToDictionary()),
        ];
        all.Sort((a, b) => string.CompareOrdinal(a.Name, b.Name));
        all.Add(BundleFile.Of(ManifestName, Manifest(stamp, schedule, timing, vectors, (frames, overlapped.Cycles), corners, all)));
        return all;
    }

    private static string Manifest(BundleStamp stamp, Schedule schedule, TimingResult timing, RtlVectors vectors, (int Frames, long Cycles) overlapped, CornerFiles? corners, IEnumerable<BundleFile> files) => ManifestSeal.Seal(BundleText.Json(json =>
    {
        json.WriteNumber("version", Version);
        json.WriteString("configuration_sha256", stamp.ConfigurationSha256);
        json.WriteString("hardware_sha256", stamp.HardwareSha256);
        json.WriteString("accelerator", schedule.Accelerator.Name);
        json.WriteString("network", schedule.Network.Name);
        json.WriteNumber("images", vectors.Images);
        json.WriteNumber("cycles", timing.Cycles);
        json.WriteNumber("frames", overlapped.Frames);
        json.WriteNumber("frames_cycles", overlapped.Cycles);
        json.WriteNumber("frame_stride", overlapped.Frames == 1 ? 0 : schedule.FrameStride);
        json.WriteNumber("load_prologue", schedule.LoadPrologue);
        WriteLayers(json, schedule);
        corners?.WriteManifest(json);
        json.WriteStartObject("files");
        foreach (BundleFile file in files)
        {
            json.WriteStartObject(file.Name);
            json.WriteString("sha256", Convert.ToHexStringLower(SHA256.HashData(file.Bytes)));
            if (file.Name.EndsWith(".memh", StringComparison.Ordinal))
            {
                json.WriteNumber("words", file.Bytes.Count(c => c == '\n') - 1);
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
    }));

    /// <summary>Names of the scheduled layers, and where their outputs lie.</summary>
    internal static void WriteLayers(Utf8JsonWriter json, Schedule schedule)
    {
        json.WriteStartArray("layers");
        foreach (ScheduledLayer layer in schedule.Layers)
        {
            json.WriteStringValue(schedule.Network.Layers[layer.NetworkLayer].Name);
        }

        json.WriteEndArray();
        StoredTensor.Write(json, schedule);
    }

    private static string Lines(IEnumerable<string> names) => string.Concat(names.Select(name => name + "\n"));

    private static void DeleteFolder(string path)
    {
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }
    }
}
