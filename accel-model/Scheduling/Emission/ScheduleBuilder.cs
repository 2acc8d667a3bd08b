// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Networks;
using AccelModel.Numerics;
using AccelModel.Scheduling.Steps;
using AccelModel.Scheduling.Tiles;
using AccelModel.Specification;

namespace AccelModel.Scheduling.Emission;

/// <summary>
/// Writes the four programs step by step. Shared by the emitters of matrix and elementwise steps: buffers and their uses, external memory, and which load must wait for which store.
/// </summary>
internal sealed class ScheduleBuilder
{
    /// <summary>Rows of a root tensor, and the store that writes them.</summary>
    private readonly Dictionary<string, List<(int FirstRow, int EndRow, int Store)>> _written = [];
    private readonly Dictionary<string, FeatureMap> _roots = [];
    private readonly IReadOnlyDictionary<string, TensorPlacement> _placements;
    private readonly ResidentLines _residentWeights;
    private readonly ResidentLines _residentParameters;
    private readonly ResidentLines _residentTables;
    private int _acknowledgedStore = -1;

    /// <param name="accelerator">The design.</param>
    /// <param name="placements">Where tensors lie.</param>
    /// <param name="resident">Whether constants are loaded once and stay.</param>
    public ScheduleBuilder(AcceleratorSpec accelerator, IReadOnlyDictionary<string, TensorPlacement> placements, bool resident = false)
    {
        Accelerator = accelerator;
        IsResident = resident;
        _placements = placements;
        Memory = new(accelerator);
        BuffersSpec buffers = accelerator.Buffers;
        _residentWeights = new("buffers.weight.size", buffers.Weight.Size, Prologue);
        _residentParameters = new("buffers.parameter.size", buffers.Parameter.Size, Prologue);
        _residentTables = new("vector.lookup", 2 * LookupEntries, Prologue);
        Activations = new(buffers.Activation, Array);
        Weights = new(buffers.Weight, Array);
        Parameters = new(buffers.Parameter, Vector);
        Accumulators = new(buffers.Accumulator, Vector);
        Outputs = new(buffers.Output, Store);
        Operands = new(buffers.Operand, Vector);
        Lookups = new(new() { Size = 2 * LookupEntries, DoubleBuffered = true }, Vector);
        LoadActivation = new(Load, Semaphore.ActivationReady, Semaphore.ActivationFree);
        ForwardActivation = new(Store, Semaphore.Forwarded, Semaphore.ForwardFree);
        LoadWeight = new(Load, Semaphore.WeightReady, Semaphore.WeightFree);
        LoadParameter = new(Load, Semaphore.ParameterReady, Semaphore.ParameterFree);
        LoadOperand = new(Load, Semaphore.OperandReady, Semaphore.OperandFree);
        LoadLookup = new(Load, Semaphore.LookupReady, Semaphore.LookupFree);
        MatmulAccumulator = new(Array, Semaphore.AccumulatorReady, Semaphore.AccumulatorFree);
        VectorOutput = new(Vector, Semaphore.OutputReady, Semaphore.OutputFree);
    }

    /// <summary>Entries of one lookup table.</summary>
    public const int LookupEntries = 256;

    public AcceleratorSpec Accelerator { get; }

    /// <summary>Whether constants are loaded once and stay. Nobody waits for them: whatever reads them waits for something that the load unit, which is in order, loads later.</summary>
    public bool IsResident { get; }

    /// <summary>The loads that run once.</summary>
    public List<LoadInstruction> Prologue { get; } = [];

    /// <summary>Buffers that cannot hold what is to stay in them.</summary>
    public IEnumerable<ScheduleFinding> Findings(string network) => new[] { _residentWeights, _residentParameters, _residentTables }.Select(lines => lines.Finding(network)).OfType<ScheduleFinding>();

    public MemoryLayout Memory { get; }

    public UnitProgram<LoadInstruction> Load { get; } = new();

    public UnitProgram<MatmulInstruction> Array { get; } = new();

    public UnitProgram<VectorInstruction> Vector { get; } = new();

    public UnitProgram<StoreInstruction> Store { get; } = new();

    public BufferUses Activations { get; }

    public BufferUses Weights { get; }

    public BufferUses Parameters { get; }

    public BufferUses Accumulators { get; }

    public BufferUses Outputs { get; }

    public BufferUses Operands { get; }

    public BufferUses Lookups { get; }

    public BufferWriter LoadActivation { get; }

    public BufferWriter ForwardActivation { get; }

    public BufferWriter LoadWeight { get; }

    public BufferWriter LoadParameter { get; }

    public BufferWriter LoadOperand { get; }

    public BufferWriter LoadLookup { get; }

    public BufferWriter MatmulAccumulator { get; }

    public BufferWriter VectorOutput { get; }

    /// <summary>Words that the vector unit has requantised so far, in the order of its program: the position of the random streams.</summary>
    public int RequantizedWords { get; set; }

    /// <summary>Root tensors of which every frame has its own: the network's input and output.</summary>
    public HashSet<string> PerFrame { get; } = [];

    /// <summary>Whether each frame has its own <paramref name="tensor"/>.</summary>
    private bool IsPerFrame(string tensor) => PerFrame.Contains(_placements[tensor].Root);

    /// <summary>Makes the programs ones that can run again: each frame finds the tokens that the one before it leaves. Returns those that the first one finds.</summary>
    public ImmutableArray<int> CloseFrame()
    {
        int[] initial = new int[SemaphoreSet.Count];
        foreach (BufferUses uses in (BufferUses[])[Activations, Weights, Parameters, Accumulators, Outputs, Operands, Lookups])
        {
            uses.Close(initial);
        }

        return [.. initial];
    }

    /// <summary>Gives a root tensor its memory.</summary>
    public void AddRoot(string name, TensorSpec tensor) => _roots[name] = Memory.AddFeatureMap(tensor);

    /// <summary>Whether a tensor's root has memory already.</summary>
    public bool HasRoot(string name) => _roots.ContainsKey(_placements[name].Root);

    /// <summary>Where a tensor lies, seen with the extents of <paramref name="tensor"/> (a flatten has those of its one pixel).</summary>
    public FeatureMap MapOf(string name, TensorSpec tensor)
    {
        TensorPlacement place = _placements[name];
        FeatureMap root = _roots[place.Root];
        bool asItIs = root.Tensor.Height == tensor.Height && root.Tensor.Width == tensor.Width;
        return root with
        {
            Tensor = tensor,
            Origin = root.Origin + (place.ShuffleGroups == 1 ? place.Channel : 0),
            RowPitch = asItIs ? root.RowPitch : tensor.Width * tensor.Channels,
            PixelPitch = asItIs ? root.PixelPitch : tensor.Channels,
            ShuffleGroups = place.ShuffleGroups,
            ShuffleOffset = place.ShuffleGroups == 1 ? 0 : place.Channel,
            ShuffleChannels = place.ShuffleGroups == 1 ? 0 : root.Tensor.Channels,
        };
    }

    /// <summary>Remembers that <paramref name="store"/> writes rows of a tensor.</summary>
    public void Written(string name, int firstRow, int rows, int store)
    {
        string root = _placements[name].Root;
        (_written.TryGetValue(root, out var stores) ? stores : _written[root] = []).Add((firstRow, firstRow + rows, store));
    }

    /// <summary>Makes <paramref name="load"/> wait until the given rows of a tensor are in memory. The store unit is in order: waiting for one store waits for all before it.</summary>
    public void WaitForRows(int load, string name, FeatureMap map, int firstRow, int rows)
    {
        if (!_written.TryGetValue(_placements[name].Root, out var stores))
        {
            return;
        }

        // A view of one pixel reads every row that was written.
        bool all = map.Tensor.Height != _roots[_placements[name].Root].Tensor.Height;
        int needed = -1;
        foreach ((int first, int end, int store) in stores)
        {
            needed = (all || first < firstRow + rows && end > firstRow) ? Math.Max(needed, store) : needed;
        }

        if (needed > _acknowledgedStore)
        {
            Store.Signal(needed, Semaphore.Stored);
            Load.Wait(load, Semaphore.Stored);
            _acknowledgedStore = needed;
        }
    }

    /// <summary>Has weights in the buffer, <paramref name="lines"/> of them from <paramref name="memoryWord"/> on; returns the line of the first.</summary>
    public int LoadWeights(object key, int layer, int memoryWord, int lines)
    {
        int words = lines * Accelerator.WeightLineWords;
        if (IsResident)
        {
            return _residentWeights.Place(key, lines, line => Constants(layer, LoadTarget.Weight, memoryWord, words, line));
        }

        if (!Weights.Holds(key))
        {
            Weights.Begin(key, LoadWeight, Load.Add(Constants(layer, LoadTarget.Weight, memoryWord, words, Weights.NextBase)));
        }

        return Weights.Base;
    }

    /// <summary>
    /// Has elements of one row of a tensor in the factor buffer; returns the element of the first. The uses of the factor and the weight buffer are numbered together: each has its slot in its own.
    /// </summary>
    /// <param name="key">What is loaded.</param>
    /// <param name="layer">Network layer.</param>
    /// <param name="tensor">The tensor.</param>
    /// <param name="map">Where it lies.</param>
    /// <param name="row">Its row.</param>
    /// <param name="pixels">First pixel and number of pixels.</param>
    /// <param name="channels">First channel and number of channels of each.</param>
    /// <param name="pitch">Elements of the buffer from pixel to pixel.</param>
    public int LoadFactors(object key, int layer, string tensor, FeatureMap map, int row, (int First, int Count) pixels, (int First, int Count) channels, int pitch)
    {
        BufferSpec factor = Accelerator.Buffers.Factor;
        if (!Weights.Holds(key))
        {
            bool oneRun = pitch == channels.Count && map.PixelPitch == channels.Count;
            int load = Load.Add(new()
            {
                Layer = layer,
                Waits = default,
                Signals = default,
                Target = LoadTarget.Factor,
                MemoryAddress = map.Element(row, pixels.First, channels.First),
                Beats = 0,
                BufferAddress = Weights.NextSlot * factor.SlotSize,
                Columns = oneRun ? 1 : pixels.Count,
                Run = oneRun ? pixels.Count * channels.Count : channels.Count,
                MemoryColumnPitch = map.PixelPitch,
                BufferColumnPitch = pitch,
                PerFrame = IsPerFrame(tensor),
            });
            WaitForRows(load, tensor, map, row, 1);
            Weights.Begin(key, LoadWeight, load);
        }

        return Weights.NewestSlot * factor.SlotSize;
    }

    /// <summary>An instruction of the array reads the factors that were loaded last.</summary>
    public void ReadFactors(int reader) => Weights.ReadBy(reader);

    /// <summary>An instruction of the array reads the weights that were loaded last.</summary>
    public void ReadWeights(int reader) => Read(Weights, reader);

    /// <summary>An instruction of the vector unit reads the parameters that were loaded last.</summary>
    public void ReadParameters(int reader) => Read(Parameters, reader);

    /// <summary>An instruction of the vector unit reads the table that was loaded last.</summary>
    public void ReadTable(int reader) => Read(Lookups, reader);

    private void Read(BufferUses uses, int reader)
    {
        if (!IsResident)
        {
            uses.ReadBy(reader);
        }
    }

    private static LoadInstruction Constants(int layer, LoadTarget target, int memoryWord, int words, int bufferAddress) => new()
    {
        Layer = layer, Waits = default, Signals = default, Target = target, MemoryAddress = memoryWord, Beats = words, BufferAddress = bufferAddress,
    };

    /// <summary>Fills the padding of a window of a tensor and loads what is inside; adds the instructions to <paramref name="issued"/>.</summary>
    public void LoadWindow(int layer, string tensor, FeatureMap map, InputWindow window, int paddingCode, LoadTarget target, int bufferAddress, List<int> issued)
    {
        (int row, int rows, int column, int columns) = window.Inside(map.Tensor.Height, map.Tensor.Width);
        int pitch = window.RowPitch, channels = window.Channels;
        foreach ((int address, int count, int runPitch, int run) in window.PaddingRuns(map.Tensor.Height, map.Tensor.Width, bufferAddress))
        {
            issued.Add(Load.Add(new()
            {
                Layer = layer, Waits = default, Signals = default, Target = target, MemoryAddress = 0, Beats = 0, BufferAddress = address,
                Fill = true, FillCode = paddingCode, Rows = count, Run = run, BufferRowPitch = runPitch,
            }));
        }

        if (rows == 0 || columns == 0)
        {
            return;
        }

        bool wholePixels = channels == map.PixelPitch;
        bool wholeRows = wholePixels && columns * channels == map.RowPitch && pitch == map.RowPitch;
        int load = Load.Add(new()
        {
            Layer = layer,
            Waits = default,
            Signals = default,
            Target = target,
            MemoryAddress = map.Element(row, column, window.FirstChannel),
            Beats = 0,
            BufferAddress = window.Address(row, column, bufferAddress),
            Rows = wholeRows ? 1 : rows,
            Columns = wholePixels ? 1 : columns,
            Run = wholeRows ? rows * columns * channels : wholePixels ? columns * channels : channels,
            MemoryRowPitch = map.RowPitch,
            MemoryColumnPitch = map.PixelPitch,
            BufferRowPitch = pitch,
            BufferColumnPitch = channels,
            PerFrame = IsPerFrame(tensor),
        });
        issued.Add(load);
        WaitForRows(load, tensor, map, row, rows);
    }

    /// <summary>Loads the step's lookup table where it has one; returns its first entry.</summary>
    public int? LoadTable(Step step)
    {
        if (step.Table.Length == 0)
        {
            return null;
        }

        object key = (step.NetworkLayer, nameof(Lookups));
        int words = (LookupEntries + Accelerator.ElementsPerWord - 1) / Accelerator.ElementsPerWord;
        if (IsResident)
        {
            return _residentTables.Place(key, LookupEntries, entry => Constants(step.NetworkLayer, LoadTarget.Lookup, AddTable(step, words), words, entry));
        }

        if (!Lookups.Holds(key))
        {
            Lookups.Begin(key, LoadLookup, Load.Add(Constants(step.NetworkLayer, LoadTarget.Lookup, AddTable(step, words), words, Lookups.NextBase)));
        }

        return Lookups.Base;
    }

    private int AddTable(Step step, int words)
    {
        ImmutableArray<int> table = step.Table;
        int minimum = step.TableMinimum;
        return Memory.AddLines(1, words, bytes =>
        {
            for (int i = 0; i < table.Length; i++)
            {
                bytes[(minimum + i) & (LookupEntries - 1)] = (byte)table[i];
            }
        });
    }

    /// <summary>Places parameter lines in memory; <paramref name="record"/> gives the record of a line's lane.</summary>
    public ParameterLines AddParameters(int layer, int lines, Func<int, int, LaneRecord> record)
    {
        AcceleratorSpec accelerator = Accelerator;
        int lineBytes = accelerator.ParameterLineWords * accelerator.Memory.BytesPerCycle;
        int address = Memory.AddLines(lines, accelerator.ParameterLineWords, bytes =>
        {
            for (int line = 0; line < lines; line++)
            {
                var writer = new BitWriter(accelerator.Array.Columns * accelerator.ParameterRecordWidth);
                for (int lane = 0; lane < accelerator.Array.Columns; lane++)
                {
                    record(line, lane).Write(writer, accelerator);
                }

                writer.ToBytes().CopyTo(bytes[(line * lineBytes)..]);
            }
        });
        return new(layer, address, lines);
    }

    /// <summary>Has <paramref name="count"/> consecutive parameter lines in the buffer; returns the address of the first.</summary>
    public int LoadParameters(ParameterLines lines, int first, int count)
    {
        if (IsResident)
        {
            int lineWords = Accelerator.ParameterLineWords;
            return first + _residentParameters.Place(
                (lines.Layer, lines.Address), lines.Count, line => Constants(lines.Layer, LoadTarget.Parameter, lines.Address, lines.Count * lineWords, line));
        }

        // As many lines as a slot holds, in whole multiples of what is read together, so that no reader needs two uses.
        int block = Math.Max(1, Accelerator.Buffers.Parameter.SlotSize / count) * count;
        int start = first / block * block;
        object key = (lines.Layer, lines.Address, start);
        if (!Parameters.Holds(key))
        {
            int loaded = Math.Min(block, lines.Count - start);
            int load = Load.Add(Constants(
                lines.Layer, LoadTarget.Parameter, lines.Address + start * Accelerator.ParameterLineWords, loaded * Accelerator.ParameterLineWords, Parameters.NextBase));
            Parameters.Begin(key, LoadParameter, load);
        }

        return Parameters.Base + first - start;
    }

    /// <summary>Stores output words of some channels into a tensor's place in memory, in as many pieces as its shuffle tears them into. Returns the last store.</summary>
    public int StoreWords(int layer, string tensor, FeatureMap map, (int Row, int Column, int Rows, int Columns) region, int firstChannel, int channels, int outputAddress)
    {
        int last = -1;
        int stretch = map.ShuffleGroups == 1 ? channels : map.ShuffleChannels / map.ShuffleGroups;
        for (int channel = firstChannel; channel < firstChannel + channels;)
        {
            int count = map.ShuffleGroups == 1 ? channels : Math.Min(stretch - (map.ShuffleOffset + channel) % stretch, firstChannel + channels - channel);
            last = Store.Add(new()
            {
                Layer = layer,
                Waits = default,
                Signals = default,
                OutputAddress = outputAddress,
                FirstChannel = channel - firstChannel,
                Rows = region.Rows,
                Columns = region.Columns,
                Channels = count,
                MemoryAddress = map.Element(region.Row, region.Column, channel),
                RowPitch = map.RowPitch,
                PixelPitch = map.PixelPitch,
                ChannelPitch = map.ShuffleGroups,
                PerFrame = IsPerFrame(tensor),
            });
            Outputs.ReadBy(last);
            channel += count;
        }

        Written(tensor, region.Row, region.Rows, last);
        return last;
    }
}

/// <summary>Parameter lines of one step in external memory.</summary>
/// <param name="Layer">Network layer.</param>
/// <param name="Address">First memory word.</param>
/// <param name="Count">Lines.</param>
internal readonly record struct ParameterLines(int Layer, int Address, int Count);
