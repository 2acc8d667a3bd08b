// SPDX-License-Identifier: Apache-2.0
using AccelModel.Scheduling;
using AccelModel.Specification;

namespace AccelModel.Simulation;

/// <summary>The traffic of one layer while it is being counted, in memory words, elements and accesses of the buffers.</summary>
internal struct FastEngineTraffic
{
    private long activationLoadWords;
    private long weightLoadWords;
    private long parameterLoadWords;
    private long operandLoadWords;
    private long lookupLoadWords;
    private long activationLoadElements;
    private long operandLoadElements;
    private long storeWords;
    private long storeElements;
    private long forwardElements;
    private long fillBeats;
    private long activationReads;
    private long weightReads;
    private long parameterReads;
    private long operandReads;
    private long lookupReads;
    private long accumulatorReads;
    private long accumulatorWrites;
    private long outputWrites;
    private long outputReads;

    /// <summary>What a load of so many beats moves.</summary>
    public void Add(LoadInstruction load, long beats, int elementsPerWord)
    {
        if (load.Fill)
        {
            fillBeats += beats;
            return;
        }
        long elements = FastEngineFormulas.IsInWords(load) ? beats * elementsPerWord : (long)load.Rows * load.Columns * load.Run;
        switch (load.Target)
        {
            case LoadTarget.Activation:
                activationLoadWords += beats;
                activationLoadElements += elements;
                break;
            case LoadTarget.Weight or LoadTarget.Factor:
                weightLoadWords += beats;
                break;
            case LoadTarget.Parameter:
                parameterLoadWords += beats;
                break;
            case LoadTarget.Operand:
                operandLoadWords += beats;
                operandLoadElements += elements;
                break;
            default:
                lookupLoadWords += beats;
                break;
        }
    }

    /// <summary>What a store of so many beats moves.</summary>
    public void Add(StoreInstruction store, long beats)
    {
        if (store.Fill)
        {
            fillBeats += beats;
            return;
        }
        long pixels = (long)store.Rows * store.Columns;
        outputReads += pixels;
        if (store.Target == StoreTarget.Memory)
        {
            storeWords += beats;
            storeElements += pixels * store.Channels;
        }
        else
        {
            forwardElements += pixels * store.Channels;
        }
    }

    /// <summary>
    /// What a matmul reads and writes. An accumulator is read for all additions to it but the first, where that starts from zero. A weight-stationary array adds each vector of each
    /// segment, an input-stationary one each channel of each segment of a block of pixels at once, and an output-stationary one each pixel of each digit.
    /// </summary>
    /// <param name="matmul">The instruction.</param>
    /// <param name="array">The array.</param>
    /// <returns><c>run</c> cycles in which something that streams is read.</returns>
    public long Add(MatmulInstruction matmul, ArraySpec array)
    {
        long vectors = matmul.Vectors;
        long segments = matmul.Segments;
        activationReads += vectors * segments;
        weightReads += matmul.TableLines;
        switch (array.Dataflow)
        {
            case Dataflow.WeightStationary:
                weightReads += segments * array.Rows;
                Accumulate(vectors * segments, vectors, matmul.Accumulate);
                return vectors * segments;
            case Dataflow.InputStationary:
                long perSegment = ArrayTiming.Groups(vectors, array.Columns) * matmul.Channels;
                weightReads += perSegment * segments;
                Accumulate(perSegment * segments, perSegment, matmul.Accumulate);
                return perSegment * segments;
            default:
                weightReads += ArrayTiming.Groups(vectors, array.Rows) * segments * array.Rows;
                Accumulate(vectors * matmul.Digits, vectors, matmul.Accumulate);
                return vectors * segments;
        }
    }

    /// <summary>What a vector instruction reads and writes.</summary>
    public void Add(VectorInstruction vector)
    {
        long words = vector.Words;
        long outputs = (long)vector.Rows * vector.Columns;
        parameterReads += words;
        if (vector.Source == VectorSource.Accumulator)
        {
            accumulatorReads += words;
        }
        else
        {
            operandReads += words;
        }
        lookupReads += vector.Lookup ? outputs : 0;
        outputWrites += outputs;
    }

    /// <summary>The sums.</summary>
    /// <param name="bytesPerWord">B.</param>
    public readonly Traffic Closed(int bytesPerWord) => new()
    {
        ActivationLoadBytes = activationLoadWords * bytesPerWord,
        WeightLoadBytes = weightLoadWords * bytesPerWord,
        ParameterLoadBytes = parameterLoadWords * bytesPerWord,
        OperandLoadBytes = operandLoadWords * bytesPerWord,
        LookupLoadBytes = lookupLoadWords * bytesPerWord,
        ActivationLoadElements = activationLoadElements,
        OperandLoadElements = operandLoadElements,
        StoreBytes = storeWords * bytesPerWord,
        StoreElements = storeElements,
        ForwardElements = forwardElements,
        FillBeats = fillBeats,
        ActivationReads = activationReads,
        WeightReads = weightReads,
        ParameterReads = parameterReads,
        OperandReads = operandReads,
        LookupReads = lookupReads,
        AccumulatorReads = accumulatorReads,
        AccumulatorWrites = accumulatorWrites,
        OutputWrites = outputWrites,
        OutputReads = outputReads,
    };

    private void Accumulate(long additions, long first, bool accumulate)
    {
        accumulatorWrites += additions;
        accumulatorReads += additions - (accumulate ? 0 : first);
    }
}
